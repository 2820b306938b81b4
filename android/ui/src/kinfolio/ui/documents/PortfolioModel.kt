package kinfolio.ui.documents

import java.time.LocalDate
import kinfolio.bridge.Bulk
import kinfolio.bridge.Core
import kinfolio.bridge.InPortfolio
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Period
import kinfolio.bridge.Portfolio
import kinfolio.bridge.SubjectChoice
import kinfolio.bridge.or
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update

/** A portfolio that is being chosen, and what it would hold. No [portfolio] until somebody said whose it is. */
data class PortfolioState(
    val learners: List<Learner> = emptyList(),
    val subjects: List<SubjectChoice> = emptyList(),
    val period: Period? = null,
    val portfolio: Portfolio? = null,
    val holds: InPortfolio? = null,
    val bulk: Bulk? = null,
    val isCounting: Boolean = false,
    val whoWrong: Boolean = false,
    val wrong: String? = null,
)

/** Choosing what a portfolio holds. */
class PortfolioModel(private val core: Core, scope: CoroutineScope, private val today: LocalDate) {
    private val shown = MutableStateFlow(PortfolioState())
    val state: StateFlow<PortfolioState> = shown.asStateFlow()
    private val latest = Latest(scope)

    /** The family's year so far, and its only learner. */
    suspend fun open() {
        val learners = core.learners.list().or { emptyList() }.filterNot(Learner::archived)
        val subjects = core.editing.subjects().or { emptyList() }.filterNot { it.isHidden }
        val year = core.progress.yearOf(today).or { Period(today.minusYears(1), today) }
        shown.update { it.copy(learners = learners, subjects = subjects, period = it.period ?: Period(year.first, today)) }
        val only = learners.singleOrNull()
        if (only != null && shown.value.portfolio == null) learner(only.id) else count()
    }

    fun learner(id: String) {
        val period = shown.value.period ?: return
        shown.update { it.copy(portfolio = it.portfolio?.copy(learner = id) ?: Portfolio(id, period), whoWrong = false) }
        count()
    }

    fun period(period: Period) {
        shown.update { it.copy(period = period) }
        change { it.copy(period = period) }
    }

    fun change(how: (Portfolio) -> Portfolio) {
        val changed = shown.value.portfolio?.let(how) ?: return
        shown.update { it.copy(portfolio = changed) }
        count()
    }

    /** The choice, where there is something in it. */
    fun chosen(): Portfolio? {
        val now = shown.value
        if (now.portfolio == null) shown.update { it.copy(whoWrong = true) }
        return now.portfolio?.takeIf { now.holds?.entries != 0 }
    }

    private fun count() {
        val portfolio = shown.value.portfolio ?: return
        shown.update { it.copy(isCounting = true, wrong = null) }
        latest.begin {
            delay(SETTLED_MS)
            val holds = core.portfolios.preview(portfolio)
            val bulk = core.portfolios.bulk(portfolio).or { null }
            shown.update {
                when (holds) {
                    is Outcome.Done -> it.copy(holds = holds.value, bulk = bulk, isCounting = false)
                    is Outcome.Failed -> it.copy(isCounting = false, wrong = holds.problem.reason)
                }
            }
        }
    }

    private companion object {
        /** So long after the last change it is counted. */
        const val SETTLED_MS = 300L
    }
}
