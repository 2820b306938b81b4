package kinfolio.bridge

import java.util.concurrent.atomic.AtomicInteger
import kotlin.coroutines.resume
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.async
import kotlinx.coroutines.suspendCancellableCoroutine
import kotlinx.coroutines.withContext
import uniffi.kinfolio.Cancel
import uniffi.kinfolio.Progress

/** How far long work is. [total] may grow while it learns how much there is. */
data class HowFar(val done: Long, val total: Long) {
    /** Between 0 and 1. */
    val part: Float get() = if (total == 0L) 0f else done.toFloat() / total
}

/** How much of such work is under way. */
internal val working = AtomicInteger()

/** Work that tells how far it is, and that stops at its next step when the coroutine is cancelled. */
internal suspend fun <T> longWork(onFar: (HowFar) -> Unit, work: suspend (Cancel, Progress) -> T): Outcome<T> = ask {
    val heard = object : Progress {
        override fun progress(done: ULong, total: ULong) = onFar(HowFar(done.toLong(), total.toLong()))
    }
    working.incrementAndGet()
    Cancel().use { cancel ->
        try {
            work(cancel, heard)
        } finally {
            cancel.cancel()
            working.decrementAndGet()
        }
    }
}

/**
 * Such work on the store alone: it has ended when this returns, also when it was stopped, so that what is asked next is not told that
 * somebody is at it.
 */
internal suspend fun <T> storeWork(onFar: (HowFar) -> Unit, work: suspend (Cancel, Progress) -> T): Outcome<T> = longWork(onFar) { cancel, heard ->
    // A scope of its own: the caller's end asks it to stop, and does not tear it away.
    val running = CoroutineScope(Dispatchers.IO).async { work(cancel, heard) }
    try {
        suspendCancellableCoroutine<Unit> { waiting ->
            waiting.invokeOnCancellation { cancel.cancel() }
            running.invokeOnCompletion { waiting.resume(Unit) }
        }
    } catch (stopped: CancellationException) {
        withContext(NonCancellable) { running.join() }
        throw stopped
    }
    running.await()
}
