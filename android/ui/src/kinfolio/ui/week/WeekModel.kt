package kinfolio.ui.week

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Period
import kinfolio.bridge.Planned
import kinfolio.bridge.Proposed
import kinfolio.bridge.or
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What one week may hold. */
data class WeekState(
    /** None while it is opened. */
    val week: Period? = null,
    val plans: List<Planned> = emptyList(),
    val proposed: List<Proposed> = emptyList(),
    /** Plans of the week before that did not come about. */
    val earlier: List<Planned> = emptyList(),
    /** Who did something on the same day of an earlier week, and when that was. */
    val before: List<Pair<Learner, LocalDate>> = emptyList(),
    val learners: List<Learner> = emptyList(),
    val failed: String? = null,
    /** What was asked for and did not happen. */
    val wrong: String? = null,
) {
    fun nicknames(of: List<String>): String = learners.filter { it.id in of }.joinToString(", ") { it.nickname }
}

/** A week's plans, and what comes back in it. */
class WeekModel(private val core: Core, private val scope: CoroutineScope, private val today: LocalDate) {
    private val shown = MutableStateFlow(WeekState())
    val state: StateFlow<WeekState> = shown.asStateFlow()
    private val latest = Latest(scope)
    private var around = today

    /** Looks for as long as the page is there. */
    suspend fun watch() = core.changes.collect { load() }

    fun load() = latest.begin {
        val read = read()
        shown.update { if (read is Outcome.Done) read.value.copy(wrong = it.wrong) else it.copy(failed = (read as Outcome.Failed).problem.reason) }
    }

    private suspend fun read(): Outcome<WeekState> {
        val week = core.progress.weekOf(around).or { return Outcome.Failed(it) }
        val plans = core.week.plans(around).or { return Outcome.Failed(it) }
        val proposed = core.week.proposed(week.first, week.last).or { return Outcome.Failed(it) }
        val learners = core.learners.list().or { return Outcome.Failed(it) }
        val isNow = today in week.first..week.last
        val earlier = if (isNow) core.week.unfinished(around.minusWeeks(1)).or { return Outcome.Failed(it) } else emptyList()
        val before = if (!isNow) emptyList() else learners.filterNot(Learner::archived).mapNotNull { learner ->
            core.week.lastLike(learner.id, today).or { null }?.let { learner to it }
        }
        return Outcome.Done(WeekState(week, plans, proposed, earlier, before, learners))
    }

    /** So many weeks on. */
    fun go(weeks: Long) {
        around = around.plusWeeks(weeks)
        load()
    }

    /** The day that is said for what happened in the week that is shown: today, if it is this week. */
    private fun day(): LocalDate = shown.value.week?.let { if (today in it.first..it.last) today else it.first } ?: today

    fun happened(plan: Planned, onMade: (String) -> Unit) = make(onMade) { core.week.doPlan(plan.id, day()) }

    fun happened(of: Proposed, onMade: (String) -> Unit) = make(onMade) { core.week.confirm(of) }

    fun skip(of: Proposed, onSkipped: () -> Unit) = make({ onSkipped() }) { core.week.skip(of) }

    fun again(learner: Learner, that: LocalDate, onMade: (Int) -> Unit) = make(onMade) { core.week.sameAs(learner.id, that, today) }

    /** Plans of the week before, into this one. */
    fun bring() = make<Unit>({}) { core.week.move(shown.value.earlier.map(Planned::id), today) }

    private fun <T> make(onMade: (T) -> Unit, what: suspend () -> Outcome<T>) {
        scope.launch {
            when (val made = what()) {
                is Outcome.Done -> {
                    shown.update { it.copy(wrong = null) }
                    onMade(made.value)
                }
                is Outcome.Failed -> shown.update { it.copy(wrong = made.problem.reason) }
            }
        }
    }
}
