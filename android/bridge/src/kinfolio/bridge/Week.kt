package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.CaptureClient

/** Something planned for a week; [entry]: what was made of it. */
data class Planned(val id: String, val title: String, val minutes: Int?, val learners: List<String>, val entry: String?)

/** Something that comes back on [day]. It counts only once somebody says that it happened. */
data class Proposed(val template: String, val day: LocalDate, val title: String, val minutes: Int?, val learners: List<String>)

/** What a week may hold, and how it becomes entries. */
class Week internal constructor(private val capture: CaptureClient) {
    /** The plans of the week around a day. */
    suspend fun plans(day: LocalDate): Outcome<List<Planned>> = ask { capture.week(day.toString()).map(::planned) }

    /** Plans of the week around a day that did not come about. */
    suspend fun unfinished(day: LocalDate): Outcome<List<Planned>> = ask { capture.unfinished(day.toString()).map(::planned) }

    suspend fun move(plans: List<String>, weekOf: LocalDate): Outcome<Unit> = ask { capture.movePlans(plans, weekOf.toString()) }

    /** An entry of a plan; its id. */
    suspend fun doPlan(plan: String, day: LocalDate): Outcome<String> = ask { capture.doPlan(plan, day.toString()).id }

    /** An entry that begins as a template says; its id. */
    suspend fun useTemplate(template: String, day: LocalDate): Outcome<String> = ask { capture.useTemplate(template, day.toString()).id }

    /** What comes back on these days and was not answered yet. */
    suspend fun proposed(first: LocalDate, last: LocalDate): Outcome<List<Proposed>> = ask {
        capture.proposals(first.toString(), last.toString())
            .map { Proposed(it.template, LocalDate.parse(it.day), it.title, it.minutes?.toInt(), it.learners) }
    }

    /** It happened: an entry; its id. */
    suspend fun confirm(of: Proposed): Outcome<String> = ask { capture.confirm(of.template, of.day.toString()).id }

    /** Not this time. */
    suspend fun skip(of: Proposed): Outcome<Unit> = ask { capture.skip(of.template, of.day.toString()) }

    suspend fun unskip(of: Proposed): Outcome<Unit> = ask { capture.unskip(of.template, of.day.toString()) }

    /** The last day of the same weekday on which a learner has entries. */
    suspend fun lastLike(learner: String, day: LocalDate): Outcome<LocalDate?> =
        ask { capture.lastLike(learner, day.toString())?.let(LocalDate::parse) }

    /** Drafts like a learner's entries of [that] day; how many. */
    suspend fun sameAs(learner: String, that: LocalDate, day: LocalDate): Outcome<Int> =
        ask { capture.sameAs(learner, that.toString(), day.toString()).size }
}

private fun planned(of: uniffi.kinfolio.KeptPlan) =
    Planned(of.id, of.item.title, of.item.minutes?.toInt(), of.item.learners, of.item.entry)
