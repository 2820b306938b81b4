package kinfolio.bridge

import java.util.concurrent.atomic.AtomicInteger
import java.util.concurrent.atomic.AtomicLong
import kotlinx.coroutines.CancellationException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import uniffi.kinfolio.KinfolioException

/** What came of asking the core for something. */
sealed interface Outcome<out T> {
    data class Done<T>(val value: T) : Outcome<T>
    data class Failed(val problem: Problem) : Outcome<Nothing>
}

/** Why something was not done. What a person reads of it is the screen's; [reason] is the core's own sentence. */
sealed interface Problem {
    val reason: String

    /** Something typed or chosen can't be taken: the reason says what to do, next to the field. */
    data class NotTaken(override val reason: String) : Problem

    /** It is not there any more. */
    data class Gone(override val reason: String) : Problem

    /** The record is locked. */
    data class Locked(override val reason: String) : Problem

    /** This phone has to sign in again before it sends or fetches. */
    data class SignInAgain(override val reason: String) : Problem

    /** The server asks its person to show once more that they are there. */
    data class ShowYourself(override val reason: String) : Problem

    /** No answer from the server. */
    data class Offline(override val reason: String) : Problem

    /** Another phone of the family has a newer app. */
    data class UpdateApp(override val reason: String) : Problem

    /** Its person stopped it. */
    data class Stopped(override val reason: String) : Problem

    /** No room is left on this phone or computer. */
    data class NoSpace(override val reason: String) : Problem

    /** A fault. */
    data class Fault(override val reason: String) : Problem
}

/** The value, or what [otherwise] makes of the problem. */
inline fun <T> Outcome<T>.or(otherwise: (Problem) -> T): T = when (this) {
    is Outcome.Done -> value
    is Outcome.Failed -> otherwise(problem)
}

/** The same with another value. */
inline fun <T, R> Outcome<T>.map(change: (T) -> R): Outcome<R> = when (this) {
    is Outcome.Done -> Outcome.Done(change(value))
    is Outcome.Failed -> this
}

/** How often the core was asked, and how many questions wait for their answer. */
internal val asked = AtomicLong()
internal val running = AtomicInteger()

/** Asks the core, never on the caller's thread. */
internal suspend fun <T> ask(question: suspend () -> T): Outcome<T> = withContext(Dispatchers.IO) {
    asked.incrementAndGet()
    running.incrementAndGet()
    try {
        Outcome.Done(question())
    } catch (cancelled: CancellationException) {
        throw cancelled
    } catch (refused: KinfolioException) {
        Outcome.Failed(refused.problem())
    } catch (closed: IllegalStateException) {
        // What the bindings say of a room that was closed.
        if (closed.message?.endsWith("has already been destroyed") != true) throw closed
        Outcome.Failed(Problem.Locked("The record is locked."))
    } finally {
        running.decrementAndGet()
    }
}

private fun KinfolioException.problem(): Problem = when (this) {
    is KinfolioException.InvalidInput -> Problem.NotTaken(reason)
    is KinfolioException.NotFound -> Problem.Gone(reason)
    is KinfolioException.Locked -> Problem.Locked(reason)
    is KinfolioException.SignInAgain -> Problem.SignInAgain(reason)
    is KinfolioException.TwoFactorRequired -> Problem.ShowYourself(reason)
    is KinfolioException.Offline -> Problem.Offline(reason)
    is KinfolioException.UpdateApp -> Problem.UpdateApp(reason)
    is KinfolioException.Cancelled -> Problem.Stopped(reason)
    is KinfolioException.StorageFull -> Problem.NoSpace(reason)
    is KinfolioException.Unexpected -> Problem.Fault(reason)
}
