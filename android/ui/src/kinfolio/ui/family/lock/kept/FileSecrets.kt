package kinfolio.ui.family.lock.kept

import java.nio.ByteBuffer
import java.nio.file.Path
import kinfolio.bridge.Secrets
import kinfolio.ui.family.lock.Lock
import kinfolio.ui.family.lock.Tried
import kotlin.io.path.deleteExisting
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

private const val BOX = "box"
private const val TRIES = "tries"
private const val DEVICE = "device"
private const val VERSION: Byte = 1
private const val MEMORY_KIB = 64 * 1024
private const val PASSES = 3
private const val MOST_MEMORY_KIB = 1024 * 1024
private const val MOST_PASSES = 16
private const val HEAD_BYTES = 2 + 4 + 4 + SALT_BYTES

/** A file with a secret of this computer, apart from the record. */
class DeviceFile(private val file: Path) : Secrets {
    override fun load(name: String): ByteArray? = readOrNull(file)

    override fun save(name: String, secret: ByteArray) = writeWhole(file, secret)
}

/**
 * The store's key in a folder, under a box key; that one lies in the file `box`, under a key made from the PIN and the secret that [device]
 * keeps: a file apart from the folder on a computer, the keystore on a phone. Without a PIN it lies under that secret alone. Who copies the
 * folder has nothing to open it with; who copies all that a computer has, has a guess at the PIN for each second of work.
 *
 * `box`: version, whether there is a PIN, memory in KiB and passes of Argon2id (big-endian), salt, then nonce, 32 bytes and tag of
 * AES-256-GCM over the box key, with everything before the nonce as its associated data.
 */
class FileSecrets(
    private val folder: Path, private val device: Secrets, nowMs: () -> Long = System::currentTimeMillis, private val memoryKib: Int = MEMORY_KIB,
    finger: Finger? = null,
) : Secrets, Lock {
    private val tries = Tries(folder.resolve(TRIES), nowMs)
    private var key: ByteArray? = null
    override val quick = finger?.let { QuickKey(folder, it, { synchronized(this) { opened() } }, { synchronized(this) { key = it } }) }

    override val hasPin: Boolean get() = synchronized(this) { readOrNull(folder.resolve(BOX))?.let { it.size > 1 && it[1] == 1.toByte() } == true }

    override fun load(name: String): ByteArray? = synchronized(this) {
        val sealed = readOrNull(folder.resolve("$name.sealed")) ?: return adopted(name)
        checkNotNull(unseal(opened(), name.toByteArray(), sealed)) { "$name is damaged, or another device's" }
    }

    /** What an older app kept in the open. */
    private fun adopted(name: String): ByteArray? = readOrNull(folder.resolve(name))?.also {
        save(name, it)
        folder.resolve(name).deleteExisting()
    }

    override fun save(name: String, secret: ByteArray) = synchronized(this) {
        if (readOrNull(folder.resolve(BOX)) == null) random(KEY_BYTES).let {
            writeBox(it, null)
            key = it
        }
        writeWhole(folder.resolve("$name.sealed"), seal(opened(), name.toByteArray(), secret))
    }

    override suspend fun unlock(pin: String): Tried = tried(pin) { key = it }

    override suspend fun setPin(now: String?, new: String?): Tried = if (hasPin) {
        tried(now.orEmpty()) {
            key = it
            writeBox(it, new)
            if (new == null) quick?.turnOff()
        }
    } else {
        withContext(Dispatchers.IO) { synchronized(this@FileSecrets) { writeBox(opened(), new) } }
        Tried.Right
    }

    override fun forget() = synchronized(this) {
        key?.fill(0)
        key = null
    }

    private suspend fun tried(pin: String, onRight: (ByteArray) -> Unit): Tried = withContext(Dispatchers.IO) {
        synchronized(this@FileSecrets) {
            val wait = tries.waitMs()
            if (wait > 0) return@withContext Tried.Wait(wait)
            tries.begin()
            val right = readBox(pin)
            if (right != null) {
                tries.clear()
                onRight(right)
                Tried.Right
            } else {
                tries.left.let { if (it > 0) Tried.Wrong(it) else Tried.Wait(tries.waitMs()) }
            }
        }
    }

    /** The box key: of a box without a PIN at once, else only after the PIN. */
    private fun opened(): ByteArray = key ?: run {
        check(!hasPin) { "the PIN has not been given" }
        checkNotNull(readBox(null)) { "the key is damaged, or another device's" }.also { key = it }
    }

    private fun readBox(pin: String?): ByteArray? {
        val box = readOrNull(folder.resolve(BOX))?.takeIf { it.size > HEAD_BYTES && it[0] == VERSION } ?: return null
        val head = ByteBuffer.wrap(box, 2, HEAD_BYTES - 2)
        val (memory, passes) = head.getInt() to head.getInt()
        val salt = ByteArray(SALT_BYTES).also(head::get)
        // A box that somebody made up must not eat the device's memory.
        if (pin != null && (memory !in 8..MOST_MEMORY_KIB || passes !in 1..MOST_PASSES)) return null
        return unseal(wrapping(pin, salt, memory, passes), box.copyOf(HEAD_BYTES), box.copyOfRange(HEAD_BYTES, box.size))
    }

    private fun writeBox(content: ByteArray, pin: String?) {
        val salt = random(SALT_BYTES)
        val head = ByteBuffer.allocate(HEAD_BYTES).put(VERSION).put(if (pin == null) 0 else 1).putInt(memoryKib).putInt(PASSES).put(salt).array()
        // Before the box: a box with a PIN and no count would count as ten wrong ones.
        tries.clear()
        writeWhole(folder.resolve(BOX), head + seal(wrapping(pin, salt, memoryKib, PASSES), head, content))
    }

    private fun wrapping(pin: String?, salt: ByteArray, memory: Int, passes: Int): ByteArray {
        val secret = device.load(DEVICE)?.takeIf { it.size == KEY_BYTES } ?: made()
        return if (pin == null) keyOf(secret) else keyOf(pin, secret, salt, memory, passes)
    }

    /** The device's secret. A new one opens nothing that is there: so it is made for a first record alone. */
    private fun made(): ByteArray {
        check(readOrNull(folder.resolve(BOX)) == null) { "this device’s own secret is gone, or the record is another device’s" }
        return random(KEY_BYTES).also { device.save(DEVICE, it) }
    }
}
