package kinfolio.app

import android.content.Context
import android.hardware.biometrics.BiometricPrompt
import android.hardware.biometrics.BiometricPrompt.AuthenticationCallback
import android.hardware.biometrics.BiometricPrompt.AuthenticationResult
import android.os.CancellationSignal
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import java.security.GeneralSecurityException
import java.security.KeyStore
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec
import kinfolio.ui.family.lock.FingerChanged
import kinfolio.ui.family.lock.kept.Finger
import kotlin.coroutines.resume
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext

private const val STORE = "AndroidKeyStore"
private const val ALIAS = "kinfolio-finger"
private const val CIPHER = "AES/GCM/NoPadding"
private const val KEY_BITS = 256
private const val TAG_BITS = 128
private const val NONCE_BYTES = 12

/** A key of the keystore that works once after the phone has recognised a finger or a face. A new finger destroys it, by Android's own doing. */
class PromptedFinger(private val context: Context, private val title: () -> String, private val usePin: () -> String) : Finger {
    override suspend fun seal(secret: ByteArray): ByteArray? {
        val cipher = try {
            Cipher.getInstance(CIPHER).apply { init(Cipher.ENCRYPT_MODE, made()) }
        } catch (_: GeneralSecurityException) {
            // No finger and no face is known to this phone.
            return null
        }
        return shown(cipher)?.let { it.iv + it.doFinal(secret) }
    }

    override suspend fun open(sealed: ByteArray): ByteArray? {
        val key = KeyStore.getInstance(STORE).apply { load(null) }.getKey(ALIAS, null) as SecretKey? ?: throw FingerChanged()
        val cipher = try {
            Cipher.getInstance(CIPHER).apply { init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES)) }
        } catch (_: KeyPermanentlyInvalidatedException) {
            throw FingerChanged()
        }
        return shown(cipher)?.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
    }

    /** The cipher, once somebody was recognised; null: they want to type the PIN, or were not. */
    private suspend fun shown(cipher: Cipher): Cipher? = withContext(Dispatchers.Main) {
        suspendCancellableCoroutine { waiting ->
            val end = CancellationSignal()
            waiting.invokeOnCancellation { end.cancel() }
            val said = object : AuthenticationCallback() {
                override fun onAuthenticationSucceeded(result: AuthenticationResult) = answer(result.cryptoObject?.cipher)

                override fun onAuthenticationError(code: Int, message: CharSequence?) = answer(null)

                private fun answer(cipher: Cipher?) {
                    if (waiting.isActive) waiting.resume(cipher)
                }
            }
            BiometricPrompt.Builder(context).setTitle(title())
                .setNegativeButton(usePin(), context.mainExecutor) { _, _ -> if (waiting.isActive) waiting.resume(null) }
                .build()
                .authenticate(BiometricPrompt.CryptoObject(cipher), end, context.mainExecutor, said)
        }
    }

    private fun made(): SecretKey {
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, STORE)
        val purposes = KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT
        generator.init(
            KeyGenParameterSpec.Builder(ALIAS, purposes)
                .setKeySize(KEY_BITS)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setUserAuthenticationRequired(true)
                .setInvalidatedByBiometricEnrollment(true)
                .build(),
        )
        return generator.generateKey()
    }
}
