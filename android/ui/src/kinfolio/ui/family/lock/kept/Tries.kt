package kinfolio.ui.family.lock.kept

import java.nio.file.Path

private const val FREE = 10
private const val FIRST_WAIT_MS = 30_000L
private const val LONGEST_WAIT_MS = 24 * 60 * 60_000L
private const val DOUBLINGS = 12

/**
 * How many wrong PINs were tried, in a file: ending the app gives no new tries. After ten each further one has to wait, twice as long as
 * the one before. Whoever can write the folder can set it back; what protects the key then is what each guess costs.
 */
internal class Tries(private val file: Path, private val nowMs: () -> Long) {
    private data class Kept(val wrong: Int, val lastMs: Long)

    /** How many are free of waiting. */
    val left: Int get() = (FREE - read().wrong).coerceAtLeast(0)

    /** So long the next one has to wait. */
    fun waitMs(): Long {
        val kept = read()
        if (kept.wrong < FREE) return 0
        val now = nowMs()
        // A clock that was set back must not make the wait longer than it is, nor shorter.
        if (now < kept.lastMs) return wait(kept.wrong).also { write(Kept(kept.wrong, now)) }
        return (kept.lastMs + wait(kept.wrong) - now).coerceAtLeast(0)
    }

    /** Counts a try as wrong before it is made: ending the app in the middle of it gains nothing. */
    fun begin() = read().let { write(Kept(it.wrong + 1, nowMs())) }

    /** It was right. */
    fun clear() = write(Kept(0, nowMs()))

    private fun wait(wrong: Int) = (FIRST_WAIT_MS shl (wrong - FREE).coerceAtMost(DOUBLINGS)).coerceAtMost(LONGEST_WAIT_MS)

    /** A file that is gone or can't be read counts as ten wrong ones. */
    private fun read(): Kept {
        val words = readOrNull(file)?.decodeToString()?.trim()?.split(' ').orEmpty()
        val (wrong, last) = words.getOrNull(0)?.toIntOrNull() to words.getOrNull(1)?.toLongOrNull()
        return if (wrong == null || wrong < 0 || last == null) Kept(FREE, nowMs()).also(::write) else Kept(wrong, last)
    }

    private fun write(kept: Kept) = writeWhole(file, "${kept.wrong} ${kept.lastMs}".toByteArray())
}
