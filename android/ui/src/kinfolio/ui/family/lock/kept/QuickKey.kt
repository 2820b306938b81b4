package kinfolio.ui.family.lock.kept

import java.nio.file.Path
import kinfolio.ui.family.lock.FingerChanged
import kinfolio.ui.family.lock.Quick
import kotlin.io.path.deleteIfExists
import kotlin.io.path.exists
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

private const val FILE = "finger"

/** A key of the device that only a finger or a face releases, each time anew. */
interface Finger {
    /** The secret, sealed under that key; null: nobody showed it, or the device knows none. */
    suspend fun seal(secret: ByteArray): ByteArray?

    /** What was sealed; null: nobody showed it. Throws [FingerChanged] when the key is gone with the fingers it was made for. */
    suspend fun open(sealed: ByteArray): ByteArray?
}

/** The box key a second time, in the file `finger`: whoever loses that way has the PIN, whose box stays as it is. */
class QuickKey internal constructor(folder: Path, private val finger: Finger, private val key: () -> ByteArray, private val opened: (ByteArray) -> Unit) : Quick {
    private val file = folder.resolve(FILE)

    override val isOn: Boolean get() = file.exists()

    override suspend fun unlock(): Boolean = withContext(Dispatchers.IO) {
        val sealed = readOrNull(file) ?: return@withContext false
        val opened = try {
            finger.open(sealed)
        } catch (changed: FingerChanged) {
            turnOff()
            throw changed
        }
        opened?.takeIf { it.size == KEY_BYTES }?.let { opened(it) } != null
    }

    override suspend fun turnOn(): Boolean = withContext(Dispatchers.IO) { finger.seal(key())?.let { writeWhole(file, it) } != null }

    override fun turnOff() {
        file.deleteIfExists()
    }
}
