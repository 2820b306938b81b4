package kinfolio.ui.family.lock.kept

import java.security.GeneralSecurityException
import java.security.SecureRandom
import java.text.Normalizer
import javax.crypto.Cipher
import javax.crypto.Mac
import javax.crypto.spec.GCMParameterSpec
import javax.crypto.spec.SecretKeySpec
import org.bouncycastle.crypto.generators.Argon2BytesGenerator
import org.bouncycastle.crypto.params.Argon2Parameters

const val KEY_BYTES = 32
internal const val SALT_BYTES = 16
private const val NONCE_BYTES = 12
private const val TAG_BITS = 128
private const val CIPHER = "AES/GCM/NoPadding"
private const val NO_PIN = "kinfolio/v1/lock/no-pin"

fun random(bytes: Int) = ByteArray(bytes).also(SecureRandom()::nextBytes)

/** Seals under a key: nonce, then what AES-GCM makes. [about] is not in it, and has to be the same when it is opened. */
fun seal(key: ByteArray, about: ByteArray, plain: ByteArray): ByteArray {
    val nonce = random(NONCE_BYTES)
    return nonce + cipher(Cipher.ENCRYPT_MODE, key, nonce, about).doFinal(plain)
}

/** What was sealed; null: with another key, or it is damaged. */
fun unseal(key: ByteArray, about: ByteArray, sealed: ByteArray): ByteArray? = try {
    cipher(Cipher.DECRYPT_MODE, key, sealed.copyOf(NONCE_BYTES), about).doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
} catch (_: GeneralSecurityException) {
    null
} catch (_: IllegalArgumentException) {
    null
}

private fun cipher(mode: Int, key: ByteArray, nonce: ByteArray, about: ByteArray) = Cipher.getInstance(CIPHER).apply {
    init(mode, SecretKeySpec(key, "AES"), GCMParameterSpec(TAG_BITS, nonce))
    updateAAD(about)
}

/** The key of a device without a PIN. */
internal fun keyOf(device: ByteArray): ByteArray =
    Mac.getInstance("HmacSHA256").apply { init(SecretKeySpec(device, "HmacSHA256")) }.doFinal(NO_PIN.toByteArray())

/** The key of a PIN on this device: Argon2id (RFC 9106), with the device's secret as its key. A guess costs that much memory, and needs the device. */
internal fun keyOf(pin: String, device: ByteArray, salt: ByteArray, memoryKib: Int, passes: Int): ByteArray {
    val parameters = Argon2Parameters.Builder(Argon2Parameters.ARGON2_id).withVersion(Argon2Parameters.ARGON2_VERSION_13)
        .withSalt(salt).withSecret(device).withMemoryAsKB(memoryKib).withIterations(passes).withParallelism(1).build()
    val typed = Normalizer.normalize(pin, Normalizer.Form.NFKC).toByteArray()
    return ByteArray(KEY_BYTES).also { key ->
        Argon2BytesGenerator().apply { init(parameters) }.generateBytes(typed, key)
        typed.fill(0)
    }
}
