package kinfolio.ui.reports

import kinfolio.bridge.Core
import kinfolio.bridge.Details
import kinfolio.bridge.Doubt
import kinfolio.bridge.Form
import kinfolio.bridge.Learner
import kinfolio.bridge.Mentioned
import kinfolio.bridge.NamesIn
import kinfolio.bridge.OtherName
import kinfolio.bridge.OthersAs
import kinfolio.bridge.Outcome
import kinfolio.bridge.PageCount
import kinfolio.bridge.Paperwork
import kinfolio.bridge.Print
import kinfolio.bridge.Spot
import kinfolio.bridge.ticked
import kinfolio.bridge.or
import kinfolio.ui.Saves
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** How a learner is printed. */
enum class PrintAs {
    FullName, FirstName, Initials, Nickname;

    /** What stands for the nickname where this is the whole name; empty: the nickname. */
    fun of(name: String): String = when (this) {
        FullName -> name.trim()
        FirstName -> name.trim().substringBefore(' ')
        Initials -> name.split(' ').mapNotNull { it.firstOrNull() }.joinToString("") { "$it." }
        Nickname -> ""
    }
}

/** What a document says of a family, and where it goes. The name and the details live here alone, in memory. */
data class PrintState(
    val learner: Learner? = null,
    val printAs: PrintAs = PrintAs.FullName,
    val details: Details = Details(),
    val remembers: Boolean = false,
    val named: NamesIn = NamesIn(),
    val kind: Paperwork = Paperwork.Pdf,
    val doubts: List<Doubt> = emptyList(),
    val places: List<Mentioned> = emptyList(),
    val otherNames: List<OtherName> = emptyList(),
    val photos: Boolean = false,
    /** It has a log, which may say when its lines were written down. */
    val hasLog: Boolean = false,
    val recorded: Boolean = false,
    val pages: PageCount? = null,
    /** Why there is nothing to print. */
    val unprinted: String? = null,
    val nameWrong: Boolean = false,
) {
    /** What stands for the nickname; empty: the nickname. */
    val printed: String get() = printAs.of(details.name)

    // Real names in here: never in a log.
    override fun toString() = "PrintState"
}

/** A report with the names that only this phone has. */
class PrintModel(private val core: Core, private val report: String, saves: Saves?, private val scope: CoroutineScope) {
    val making = Making(saves, scope)
    private val shown = MutableStateFlow(PrintState())
    val state: StateFlow<PrintState> = shown.asStateFlow()
    private var counting: Job? = null

    suspend fun open() {
        if (shown.value.learner != null) return
        val open = (core.reports.open(report) as? Outcome.Done)?.value?.report ?: return
        val learner = core.learners.list().or { emptyList() }.find { it.id == open.learner } ?: return
        val known = core.printing.remembered(learner.id).or { null }
        val doubts = core.reports.doubts(report).or { emptyList() }
        shown.update { was ->
            val details = if (known != null && was.details == Details()) known else was.details
            was.copy(learner = learner, hasLog = open.form == Form.Pennsylvania, details = details, remembers = known != null, doubts = doubts)
        }
        val print = print(shown.value, learner)
        val places = core.printing.places(print).or { emptyList() }
        val otherNames = core.printing.otherNames(print).or { emptyList() }
        shown.update { it.copy(places = places, otherNames = otherNames) }
        count()
    }

    fun printAs(how: PrintAs) = change { it.copy(printAs = how, nameWrong = false) }

    fun details(how: (Details) -> Details) = change { it.copy(details = how(it.details), nameWrong = false) }

    fun remembers(isOn: Boolean) = change { it.copy(remembers = isOn) }

    fun others(how: OthersAs) = change { it.copy(named = it.named.copy(others = how)) }

    /** Says whether a word is the name. */
    fun tick(spot: Spot, isName: Boolean) = change { was ->
        was.copy(places = was.places.ticked(spot, isName), named = was.named.copy(ticks = was.named.ticks + (spot to isName)))
    }

    fun shorten(name: String, isOn: Boolean) = change { was -> was.copy(named = was.named.shortened(name, isOn)) }

    fun kind(kind: Paperwork) = change { it.copy(kind = kind) }

    /** With the photographs of samples, or without. */
    fun photos(isOn: Boolean) = change { it.copy(photos = isOn) }

    /** With the days on which a log's lines were written down, or without. */
    fun recorded(isOn: Boolean) = change { it.copy(recorded = isOn) }

    /** Writes the file where a parent says. [name] is offered for it: it never holds a name. */
    fun make(name: String) {
        if (shown.value.printAs != PrintAs.Nickname && shown.value.details.name.isBlank()) return shown.update { it.copy(nameWrong = true) }
        making.begin({ name.takeIf { about() != null } }) { path, onFar ->
            val now = shown.value
            val learner = checkNotNull(now.learner)
            val kept = if (now.remembers) core.printing.remember(learner.id, now.details) else core.printing.forget(learner.id)
            if (kept is Outcome.Failed) kept else core.printing.write(print(now, learner), path, onFar)
        }
    }

    /** Whom it is about. Somebody may be quicker than what is read as the page opens. */
    private suspend fun about(): Learner? {
        open()
        return shown.value.learner
    }

    private fun change(how: (PrintState) -> PrintState) {
        shown.update(how)
        making.forget()
        count()
    }

    private fun count() {
        counting?.cancel()
        counting = scope.launch {
            delay(SETTLED_MS)
            val now = shown.value
            val learner = now.learner ?: return@launch
            when (val pages = core.printing.pages(print(now, learner))) {
                is Outcome.Done -> shown.update { it.copy(pages = pages.value, unprinted = null) }
                is Outcome.Failed -> shown.update { it.copy(pages = null, unprinted = pages.problem.reason) }
            }
        }
    }

    private fun print(now: PrintState, learner: Learner) = Print(
        report, learner.id, now.named.copy(printed = now.printed), if (now.printAs == PrintAs.FullName) now.details else now.details.copy(name = now.printed), now.kind,
        now.photos, now.recorded,
    )

    private companion object {
        /** So long after the last change pages are counted. */
        const val SETTLED_MS = 600L
    }
}
