package kinfolio.ui.learners

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Learner
import kinfolio.bridge.Leaving
import kinfolio.bridge.Outcome
import kinfolio.bridge.Period
import kinfolio.bridge.Sums
import kinfolio.bridge.Towards
import kinfolio.bridge.WeekOnAverage
import kinfolio.bridge.or
import kinfolio.ui.parts.moved
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Which days the numbers are of. */
enum class Span { ThisYear, LastYear, Chosen }

/** What a learner's page shows. */
data class LearnerState(
    val learner: Learner? = null,
    val span: Span = Span.ThisYear,
    val chosen: Period,
    val sums: Sums? = null,
    val hasFailed: Boolean = false,
    val asTable: Boolean = false,
    /** All of the family, in their order. */
    val everybody: List<Learner> = emptyList(),
    /** What their year group is called today. */
    val yearGroup: String? = null,
    val average: WeekOnAverage? = null,
    val towards: List<Towards> = emptyList(),
    /** Asked before the learner is removed. */
    val leaving: Leaving? = null,
    val wrong: String? = null,
)

/** One learner, and what was noted of them. */
class LearnerModel(private val core: Core, private val scope: CoroutineScope, private val id: String, private val today: LocalDate) {
    private val shown = MutableStateFlow(LearnerState(chosen = Period(today.withDayOfMonth(1), today)))
    val state: StateFlow<LearnerState> = shown.asStateFlow()
    private val latest = Latest(scope)

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    fun load() {
        latest.begin {
            val everybody = core.learners.list().or { emptyList() }
            val yearGroup = core.learners.groupOf(id, today).or { null }
            val period = period()
            val sums = when (period) {
                is Outcome.Done -> core.progress.of(id, period.value)
                is Outcome.Failed -> period
            }
            val average = (period as? Outcome.Done)?.let { core.progress.weekOnAverage(id, it.value).or { null } }
            val towards = (period as? Outcome.Done)?.let { core.progress.towards(id, it.value).or { null } }.orEmpty()
            shown.update {
                it.copy(
                    learner = everybody.find { one -> one.id == id }, everybody = everybody, yearGroup = yearGroup,
                    sums = (sums as? Outcome.Done)?.value, hasFailed = sums is Outcome.Failed, average = average, towards = towards,
                )
            }
        }
    }

    private suspend fun period(): Outcome<Period> = when (shown.value.span) {
        Span.ThisYear -> core.progress.yearOf(today)
        Span.LastYear -> core.progress.yearOf(today.minusYears(1))
        Span.Chosen -> Outcome.Done(shown.value.chosen)
    }

    fun choose(span: Span) = anew { it.copy(span = span) }

    /** The first and the last of the chosen days; whichever comes later is the last. */
    fun from(day: LocalDate) = anew { it.copy(chosen = Period(day, maxOf(day, it.chosen.last))) }

    fun to(day: LocalDate) = anew { it.copy(chosen = Period(minOf(day, it.chosen.first), day)) }

    fun table(asTable: Boolean) = shown.update { it.copy(asTable = asTable) }

    private fun anew(how: (LearnerState) -> LearnerState) {
        shown.update(how)
        load()
    }

    fun archive(archived: Boolean) = change { core.learners.archive(id, archived) }

    /** So many places down the list. */
    fun move(by: Int) {
        val ids = moved(shown.value.everybody.map { it.id }, id, by) ?: return
        change { core.learners.order(ids) }
    }

    fun merge(into: String, onMerged: () -> Unit) = change(onMerged) { core.learners.merge(id, into) }

    /** Asks what would go. */
    fun askToRemove() {
        scope.launch {
            when (val leaving = core.learners.leaving(id)) {
                is Outcome.Done -> shown.update { it.copy(leaving = leaving.value) }
                is Outcome.Failed -> shown.update { it.copy(wrong = leaving.problem.reason) }
            }
        }
    }

    fun keep() = shown.update { it.copy(leaving = null) }

    fun remove(onRemoved: () -> Unit) = change(onRemoved) { core.learners.remove(id) }

    private fun change(onDone: () -> Unit = {}, what: suspend () -> Outcome<*>) {
        scope.launch {
            when (val done = what()) {
                is Outcome.Done -> onDone()
                is Outcome.Failed -> shown.update { it.copy(leaving = null, wrong = done.problem.reason) }
            }
        }
    }
}
