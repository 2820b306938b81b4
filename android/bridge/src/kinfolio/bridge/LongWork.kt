package kinfolio.bridge

import uniffi.kinfolio.Cancel
import uniffi.kinfolio.Progress

/** How far long work is. [total] may grow while it learns how much there is. */
data class HowFar(val done: Long, val total: Long) {
    /** Between 0 and 1. */
    val part: Float get() = if (total == 0L) 0f else done.toFloat() / total
}

/** Work that tells how far it is, and that stops at its next step when the coroutine is cancelled. */
internal suspend fun <T> longWork(onFar: (HowFar) -> Unit, work: suspend (Cancel, Progress) -> T): Outcome<T> = ask {
    val heard = object : Progress {
        override fun progress(done: ULong, total: ULong) = onFar(HowFar(done.toLong(), total.toLong()))
    }
    Cancel().use { cancel ->
        try {
            work(cancel, heard)
        } finally {
            cancel.cancel()
        }
    }
}
