package kinfolio.ui.learners

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Learner
import kinfolio.bridge.Leaving
import kinfolio.bridge.Outcome
import kinfolio.bridge.Period
import kinfolio.bridge.Sums
import kinfolio.bridge.or
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
            val learner = core.learners.list().or { emptyList() }.find { it.id == id }
            val sums = when (val period = period()) {
                is Outcome.Done -> core.progress.of(id, period.value)
                is Outcome.Failed -> period
            }
            shown.update { it.copy(learner = learner, sums = (sums as? Outcome.Done)?.value, hasFailed = sums is Outcome.Failed) }
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

    fun archive(archived: Boolean) {
        scope.launch {
            val done = core.learners.archive(id, archived)
            shown.update { it.copy(wrong = (done as? Outcome.Failed)?.problem?.reason) }
        }
    }

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

    fun remove(onRemoved: () -> Unit) {
        scope.launch {
            when (val removed = core.learners.remove(id)) {
                is Outcome.Done -> onRemoved()
                is Outcome.Failed -> shown.update { it.copy(leaving = null, wrong = removed.problem.reason) }
            }
        }
    }
}
