package kinfolio.server

import java.nio.ByteBuffer
import javax.crypto.Mac
import javax.crypto.spec.SecretKeySpec

private const val LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
private const val STEP_S = 30

/** An authenticator app (RFC 6238), by the key that a page shows for typing. */
class Authenticator(key: String) {
    private val secret: ByteArray = key.filter { it in LETTERS }.map { LETTERS.indexOf(it).toString(2).padStart(5, '0') }.joinToString("")
        .chunked(8).filter { it.length == 8 }.map { it.toInt(2).toByte() }.toByteArray()

    /** The code of so many steps from now. One that was used is taken no more; the next one is taken already. */
    fun code(steps: Int): String {
        val mac = Mac.getInstance("HmacSHA1").apply { init(SecretKeySpec(secret, "HmacSHA1")) }
        val hash = mac.doFinal(ByteBuffer.allocate(Long.SIZE_BYTES).putLong(System.currentTimeMillis() / 1000 / STEP_S + steps).array())
        val at = hash.last().toInt() and 15
        return ((ByteBuffer.wrap(hash, at, 4).int and Int.MAX_VALUE) % 1_000_000).toString().padStart(6, '0')
    }
}
