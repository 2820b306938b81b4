package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.IntakeClient
import uniffi.kinfolio.TimerClient
import uniffi.kinfolio.UndoClient

/** How the timer stands. */
data class Timed(val isRunning: Boolean, val ms: Long, val isDoubtful: Boolean, val entry: String?)

/** What was timed, and the entry that has the minutes now. */
data class Stopped(val entry: String, val minutes: Int, val isDoubtful: Boolean)

/** The one timer of this phone. */
class Timer internal constructor(private val client: TimerClient) {
    suspend fun state(): Outcome<Timed?> = ask { client.state()?.let { Timed(it.running, it.ms, it.doubtful, it.entry) } }

    suspend fun start(entry: String?): Outcome<Unit> = ask { client.start(entry) }

    /** Its minutes go to its entry, or into a new draft of [day]. */
    suspend fun stop(day: LocalDate): Outcome<Stopped> =
        ask { client.stop(day.toString()).let { Stopped(it.entry.id, it.minutes.toInt(), it.doubtful) } }

    suspend fun discard(): Outcome<Unit> = ask { client.discard() }
}

/** What other apps share into this one, and a day out: one open entry that the photos of the day fall into. */
class DayOut internal constructor(private val client: IntakeClient) {
    /** Takes something shared into a draft, or into the day out that is open; all of it or nothing. The entry's id. */
    suspend fun take(title: String, text: String, files: List<SharedFile>, day: LocalDate): Outcome<String> =
        ask { client.take(shared(title, text, files, day)).id }

    /** The one that is open on this day. */
    suspend fun open(day: LocalDate): Outcome<String?> = ask { client.dayOut(day.toString())?.id }

    suspend fun begin(title: String, learners: Set<String>, day: LocalDate): Outcome<String> =
        ask { client.beginDayOut(title, learners.toList(), day.toString()).id }

    /** Its entry stays the draft that it is. */
    suspend fun end(): Outcome<Unit> = ask { client.endDayOut() }
}

/** Taking back the last thing that was done. */
class Undo internal constructor(private val client: UndoClient) {
    /** Takes it back if it was done to [thing]. False: something else was done since, or nothing is left to take back. */
    suspend fun last(thing: String): Outcome<Boolean> =
        ask { (client.last()?.things.orEmpty().any { it.id == thing }).also { if (it) client.undo() } }
}
