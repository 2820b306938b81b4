package kinfolio.ui.reports

import kinfolio.bridge.Core
import kinfolio.bridge.Form
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Period
import kinfolio.bridge.Report
import kinfolio.bridge.or
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** The family's reports. */
data class ReportsState(
    val isLoading: Boolean = true,
    val failed: String? = null,
    val reports: List<Report> = emptyList(),
    val learners: List<Learner> = emptyList(),
) {
    fun nickname(of: Report) = learners.find { it.id == of.learner }?.nickname.orEmpty()
}

/** Reports, and the beginning of a new one. */
class ReportsModel(private val core: Core, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(ReportsState())
    val state: StateFlow<ReportsState> = shown.asStateFlow()
    private val latest = Latest(scope)

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    fun load() {
        latest.begin {
            val learners = core.learners.list().or { emptyList() }
            when (val read = core.reports.list()) {
                is Outcome.Done -> shown.update { ReportsState(false, null, read.value, learners) }
                is Outcome.Failed -> shown.update { it.copy(isLoading = false, failed = read.problem.reason) }
            }
        }
    }
}

/** What a new report is to be about. */
data class BeginState(
    val form: Form = Form.England,
    val learner: String? = null,
    val period: Period? = null,
    val whoWrong: Boolean = false,
    val isBeginning: Boolean = false,
    val wrong: String? = null,
)

/** Beginning a report. */
class BeginModel(private val core: Core, private val scope: CoroutineScope, private val today: java.time.LocalDate) {
    private val shown = MutableStateFlow(BeginState())
    val state: StateFlow<BeginState> = shown.asStateFlow()

    /** The family's year so far, and its only learner. */
    suspend fun open(learners: List<Learner>) {
        val year = core.progress.yearOf(today).or { Period(today.minusYears(1), today) }
        shown.update { it.copy(period = it.period ?: Period(year.first, today), learner = it.learner ?: learners.singleOrNull()?.id) }
    }

    fun form(form: Form) = shown.update { it.copy(form = form) }

    fun learner(id: String) = shown.update { it.copy(learner = id, whoWrong = false) }

    fun period(period: Period) = shown.update { it.copy(period = period) }

    fun begin(onBegun: (String) -> Unit) {
        val now = shown.value
        val (learner, period) = now.learner to now.period
        if (learner == null || period == null) return shown.update { it.copy(whoWrong = learner == null) }
        if (now.isBeginning) return
        shown.update { it.copy(isBeginning = true, wrong = null) }
        scope.launch {
            when (val begun = core.reports.begin(now.form, learner, period)) {
                is Outcome.Done -> onBegun(begun.value)
                is Outcome.Failed -> shown.update { it.copy(wrong = begun.problem.reason) }
            }
            shown.update { it.copy(isBeginning = false) }
        }
    }
}
