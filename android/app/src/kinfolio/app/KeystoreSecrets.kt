package kinfolio.app

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.AtomicFile
import java.io.File
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import kinfolio.bridge.Secrets

private const val STORE = "AndroidKeyStore"
private const val ALIAS = "kinfolio"
private const val CIPHER = "AES/GCM/NoPadding"
private const val KEY_BITS = 256
private const val TAG_BITS = 128
private const val NONCE_BYTES = 12

/**
 * Secrets in files, sealed by a key that never leaves this phone's keystore. That key asks for no fingerprint and no screen lock: a new
 * finger, or a lock turned off, would destroy it, and ten years of a childhood with it.
 */
class KeystoreSecrets(private val folder: File) : Secrets {
    override fun load(name: String): ByteArray? {
        val file = AtomicFile(folder.resolve(name))
        val kept = if (folder.resolve(name).exists()) file.readFully() else return null
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.DECRYPT_MODE, checkNotNull(known()) { "the keystore has no key any more" }, GCMParameterSpec(TAG_BITS, kept, 0, NONCE_BYTES))
        cipher.updateAAD(name.toByteArray())
        return cipher.doFinal(kept, NONCE_BYTES, kept.size - NONCE_BYTES)
    }

    override fun save(name: String, secret: ByteArray) {
        check(folder.isDirectory || folder.mkdirs()) { "no folder for secrets" }
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.ENCRYPT_MODE, known() ?: made())
        cipher.updateAAD(name.toByteArray())
        val sealed = cipher.iv + cipher.doFinal(secret)
        val file = AtomicFile(folder.resolve(name))
        val out = file.startWrite()
        try {
            out.write(sealed)
            // Waits until it is on the disk.
            file.finishWrite(out)
        } catch (failed: java.io.IOException) {
            file.failWrite(out)
            throw failed
        }
    }

    private fun known(): SecretKey? = KeyStore.getInstance(STORE).apply { load(null) }.getKey(ALIAS, null) as SecretKey?

    private fun made(): SecretKey {
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE)
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        generator.init(
            KeyGenParameterSpec.Builder(ALIAS, purposes)
                .setKeySize(KEY_BITS)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .build(),
        )
        return generator.generateKey()
    }
}
