package kinfolio.ui.reports

import kinfolio.bridge.Core
import kinfolio.bridge.Details
import kinfolio.bridge.Learner
import kinfolio.bridge.OpenReport
import kinfolio.bridge.NamesIn
import kinfolio.bridge.Outcome
import kinfolio.bridge.PageCount
import kinfolio.bridge.Paperwork
import kinfolio.bridge.Print
import kinfolio.bridge.Report
import kinfolio.bridge.or
import kinfolio.ui.stage.Latest
import java.time.LocalDate
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** A report, and what it would be as a file. */
data class ReportState(
    val report: Report? = null,
    val learner: Learner? = null,
    val missing: List<String> = emptyList(),
    /** None until it is counted. */
    val pages: PageCount? = null,
    val failed: String? = null,
    val wrong: String? = null,
)

/** Words of a text, as word processors count them. */
internal fun wordsIn(text: String) = text.split(' ', '\n').count { it.isNotBlank() }

/** So long after the last change pages are counted. */
private const val SETTLED_MS = 600L

/** One report. */
class ReportModel(private val core: Core, private val id: String, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(ReportState())
    val state: StateFlow<ReportState> = shown.asStateFlow()
    private var counting: Job? = null
    private val latest = Latest(scope)

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    fun load() {
        latest.begin {
            when (val read = core.reports.open(id)) {
                is Outcome.Done -> show(read.value)
                is Outcome.Failed -> shown.update { it.copy(failed = read.problem.reason) }
            }
        }
    }

    /** What is new in the record comes in. */
    fun draftAgain() = change { core.reports.draftAgain(id) }

    fun sent(day: LocalDate, to: String) = change { core.reports.sent(id, day, to.trim()) }

    fun trash(onDone: () -> Unit) {
        scope.launch {
            when (val gone = core.reports.trash(id)) {
                is Outcome.Done -> onDone()
                is Outcome.Failed -> shown.update { it.copy(wrong = gone.problem.reason) }
            }
        }
    }

    suspend fun restore() = core.reports.restore(id)

    private fun change(what: suspend () -> Outcome<*>) {
        scope.launch {
            val done = what()
            shown.update { it.copy(wrong = (done as? Outcome.Failed)?.problem?.reason) }
            load()
        }
    }

    private suspend fun show(open: OpenReport) {
        val report = open.report
        val learner = core.learners.list().or { emptyList() }.find { it.id == report.learner }
        val missing = if (report.sentOn == null) core.reports.missing(id).or { emptyList() } else emptyList()
        shown.update { it.copy(report = report, learner = learner, missing = missing, failed = null) }
        counting?.cancel()
        counting = scope.launch {
            delay(SETTLED_MS)
            val print = Print(id, report.learner, NamesIn(), Details(), Paperwork.Pdf)
            core.printing.pages(print).or { null }?.let { count -> shown.update { it.copy(pages = count) } }
        }
    }
}

/** A section as it is typed. */
data class SectionState(val heading: String = "", val text: String? = null, val isSent: Boolean = false, val notKept: String? = null)

/** So long after the last letter what was typed is kept. */
private const val PAUSE_MS = 400L

/** One section. What is typed is in the record a moment later. */
class SectionModel(private val core: Core, private val id: String, private val key: String, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(SectionState())
    val state: StateFlow<SectionState> = shown.asStateFlow()
    private val writing = kotlinx.coroutines.sync.Mutex()
    private var open: OpenReport? = null
    private var keeping: Job? = null

    /** Again when the page comes back: a page over it may have written. */
    suspend fun open() {
        keep()
        when (val read = core.reports.open(id)) {
            is Outcome.Failed -> shown.update { it.copy(notKept = read.problem.reason) }
            is Outcome.Done -> {
                open = read.value
                val section = read.value.report.sections.first { it.key == key }
                shown.update { SectionState(section.heading, section.text, read.value.report.sentOn != null) }
            }
        }
    }

    fun type(text: String) {
        shown.update { it.copy(text = text) }
        keeping?.cancel()
        keeping = scope.launch {
            delay(PAUSE_MS)
            keep()
        }
    }

    /** Everything typed is in the record when this returns. */
    suspend fun keep() {
        writing.lock()
        try {
            val (base, text) = (open ?: return) to (shown.value.text ?: return)
            if (base.report.sections.first { it.key == key }.text == text) return
            when (val written = core.reports.write(base, key, text)) {
                is Outcome.Done -> {
                    open = written.value
                    shown.update { it.copy(notKept = null) }
                }
                is Outcome.Failed -> shown.update { it.copy(notKept = written.problem.reason) }
            }
        } finally {
            writing.unlock()
        }
    }

    /** The section as it would be printed under its nickname. */
    suspend fun copied(): String? {
        keep()
        val learner = open?.report?.learner ?: return null
        return core.printing.text(Print(id, learner, NamesIn(), Details(), Paperwork.Pdf), key).or { null }
    }
}
