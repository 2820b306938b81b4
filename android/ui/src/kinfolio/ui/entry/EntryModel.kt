package kinfolio.ui.entry

import java.time.LocalDate
import kinfolio.bridge.AttachedFile
import kinfolio.bridge.Core
import kinfolio.bridge.Learner
import kinfolio.bridge.Line
import kinfolio.bridge.OpenEntry
import kinfolio.bridge.Outcome
import kinfolio.bridge.Part
import kinfolio.bridge.Problem
import kinfolio.bridge.Stored
import kinfolio.bridge.SubjectChoice
import kinfolio.bridge.Written
import kinfolio.bridge.or
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** What the page of an entry shows. */
data class EntryState(
    /** What stands in the fields; none while it is opened. */
    val written: Written? = null,
    val files: List<AttachedFile> = emptyList(),
    val learners: List<Learner> = emptyList(),
    val subjects: List<SubjectChoice> = emptyList(),
    val stored: Stored = Stored.OnThisPhone,
    val savedAtMs: Long? = null,
    val isGone: Boolean = false,
    val failed: String? = null,
    /** What could not be kept, and why: it is said until it can. */
    val notKept: String? = null,
    val whoWrong: Boolean = false,
    val textWrong: Boolean = false,
)

/** So long after the last letter what was typed is kept. */
private const val PAUSE_MS = 400L

/** One entry. What is typed is in the record a moment later, and at once when the page is left. */
class EntryModel(private val core: Core, private val id: String, private val scope: CoroutineScope, private val nowMs: () -> Long) {
    private val shown = MutableStateFlow(EntryState())
    val state: StateFlow<EntryState> = shown.asStateFlow()
    private val writing = Mutex()
    private var open: OpenEntry? = null
    private var keeping: Job? = null

    init {
        scope.launch {
            try {
                awaitCancellation()
            } finally {
                withContext(NonCancellable) { keep() }
            }
        }
    }

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { parts -> if (parts.any { it != Part.Other }) load() }
    }

    /** Reads everything anew. What was typed and is not kept yet stays. */
    suspend fun load() = writing.withLock {
        when (val read = core.editing.open(id)) {
            is Outcome.Failed -> shown.update { if (read.problem is Problem.Gone) it.copy(isGone = true) else it.copy(failed = read.problem.reason) }
            is Outcome.Done -> {
                val before = open?.written
                val isKept = shown.value.written == before
                if (isKept) open = read.value
                shown.update { now -> if (now.written == before) now.copy(written = read.value.written) else now }
                shown.update { it.copy(isGone = read.value.isInTrash, failed = null) }
            }
        }
        val files = core.attached.of(id).or { emptyList() }
        val learners = core.learners.list().or { emptyList() }
        val subjects = core.editing.subjects().or { emptyList() }
        val stored = if (core.sync.state().or { null }?.isOn == true) core.sync.of(id).or { Stored.Waiting } else Stored.OnThisPhone
        shown.update { it.copy(files = files, learners = learners, subjects = subjects, stored = stored) }
    }

    fun change(how: (Written) -> Written) {
        shown.update { it.copy(written = it.written?.let(how), whoWrong = false, textWrong = false) }
        keeping?.cancel()
        keeping = scope.launch {
            delay(PAUSE_MS)
            withContext(NonCancellable) { keep() }
        }
    }

    fun title(text: String) = change { it.copy(title = text.replace('\n', ' ')) }
    fun note(text: String) = change { it.copy(note = text) }
    fun on(day: LocalDate) = change { it.copy(day = day) }

    fun line(learner: String, text: String) =
        change { now -> now.copy(lines = now.lines.map { if (it.learner == learner) Line(learner, text) else it }) }

    /** A learner whose line is not empty keeps it while the page is open, in case the tap was a slip. */
    fun choose(learner: String) = change { now ->
        val (theirs, others) = now.lines.partition { it.learner == learner }
        if (theirs.isEmpty()) {
            now.copy(lines = others + (putAway.remove(learner) ?: Line(learner, "")))
        } else {
            putAway[learner] = theirs.first()
            now.copy(lines = others)
        }
    }

    private val putAway = HashMap<String, Line>()

    fun subject(of: String) = change { it.copy(subjects = if (of in it.subjects) it.subjects - of else it.subjects + of) }

    fun tag(text: String) = text.trim().takeIf { it.isNotEmpty() }?.let { tag -> change { it.copy(tags = (it.tags + tag).distinct().sorted()) } }

    /** Puts a draft on the record; what is missing is said. */
    fun putOnRecord() {
        val now = shown.value.written ?: return
        val (noText, nobody) = (now.title.isBlank() && now.note.isBlank()) to now.lines.isEmpty()
        if (noText || nobody) return shown.update { it.copy(textWrong = noText, whoWrong = nobody) }
        change { it.copy(onRecord = true) }
    }

    /** Everything typed is in the record when this returns. */
    suspend fun keep() = writing.withLock {
        val base = open ?: return@withLock
        val sent = shown.value.written ?: return@withLock
        if (sent == base.written) return@withLock
        when (val saved = core.editing.save(base, sent)) {
            is Outcome.Failed -> shown.update { it.copy(notKept = saved.problem.reason) }
            is Outcome.Done -> {
                // Typed meanwhile: it goes on from what was sent, and what another phone wrote is met by the next write.
                val goesOn = shown.value.written != sent
                open = if (goesOn) core.editing.goOn(saved.value, sent) else saved.value
                shown.update {
                    val stands = if (it.written == sent && !goesOn) saved.value.written else it.written
                    it.copy(written = stands, savedAtMs = nowMs(), notKept = null)
                }
            }
        }
    }

    fun duplicate(day: LocalDate, onMade: (String) -> Unit) = after({ core.editing.duplicate(id, day) }, onMade)

    fun trash(onDone: (Unit) -> Unit) = after({ core.entries.trash(id) }, onDone)

    suspend fun bringBack() = core.editing.bringBack(id)

    /** Does something with all that was typed in the record; what went wrong stands under the bar. */
    private fun <T> after(ask: suspend () -> Outcome<T>, onDone: (T) -> Unit) {
        keeping?.cancel()
        scope.launch {
            keep()
            onDone(ask().or { return@launch shown.update { now -> now.copy(notKept = it.reason) } })
        }
    }
}
