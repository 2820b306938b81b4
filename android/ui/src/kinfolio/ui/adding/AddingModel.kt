package kinfolio.ui.adding

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Entry
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.or
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** What the sheet for a new entry shows. */
data class AddingState(
    val text: String = "",
    val day: LocalDate,
    val learners: List<Learner> = emptyList(),
    val chosen: Set<String> = emptySet(),
    val textWrong: String? = null,
    val whoWrong: String? = null,
    /** What could not be kept, and why: it is said until it can. */
    val notKept: String? = null,
)

/** So long after the last letter what was typed is kept. */
private const val PAUSE_MS = 400L

/** A new entry. What is typed is a draft of the record a moment later, and stands there again if the app was ended. */
class AddingModel(
    private val core: Core,
    private val scope: CoroutineScope,
    private val today: LocalDate,
    /** The day that was asked for; null: today, or that of the draft that is there. */
    private val asked: LocalDate? = null,
    private val says: (String) -> String,
) {
    private val shown = MutableStateFlow(AddingState(day = asked ?: today))
    val state: StateFlow<AddingState> = shown.asStateFlow()
    private val writing = Mutex()
    private var draft: String? = null
    private var keeping: Job? = null

    /** Takes up the draft that is there; a family's only learner is chosen. */
    suspend fun open() {
        val learners = core.learners.list().or { emptyList() }.filterNot(Learner::archived)
        // A draft of another day stays among the drafts.
        val kept = core.entries.draft().or { null }?.takeIf { asked == null || it.day == asked }
        draft = kept?.id
        shown.update { now ->
            val only = learners.singleOrNull()?.let { setOf(it.id) }.orEmpty()
            val chosen = kept?.lines?.mapTo(HashSet()) { it.learner }?.ifEmpty { only } ?: only
            now.copy(text = kept?.let(::typed) ?: now.text, day = kept?.day ?: asked ?: today, learners = learners, chosen = chosen)
        }
    }

    fun type(text: String) = change { it.copy(text = text, textWrong = null) }

    fun choose(learner: String) =
        change { it.copy(chosen = if (learner in it.chosen) it.chosen - learner else it.chosen + learner, whoWrong = null) }

    fun on(day: LocalDate) = change { it.copy(day = day) }

    /** Puts the entry on the record. */
    fun save(onSaved: () -> Unit) {
        val now = shown.value
        val textWrong = says("something_first").takeIf { now.text.isBlank() }
        val whoWrong = says("choose_who").takeIf { now.chosen.isEmpty() }
        shown.update { it.copy(textWrong = textWrong, whoWrong = whoWrong) }
        if (textWrong != null || whoWrong != null) return
        keeping?.cancel()
        scope.launch { if (write(onRecord = true)) onSaved() }
    }

    /** The sheet closes: what was typed is kept at once. */
    fun close(onClosed: () -> Unit) {
        keeping?.cancel()
        scope.launch {
            keep()
            onClosed()
        }
    }

    private fun change(how: (AddingState) -> AddingState) {
        shown.update(how)
        keeping?.cancel()
        keeping = scope.launch {
            delay(PAUSE_MS)
            keep()
        }
    }

    private suspend fun keep() {
        if (draft != null || shown.value.text.isNotBlank()) write(onRecord = false)
    }

    /** One write at a time: a draft is made once. */
    private suspend fun write(onRecord: Boolean): Boolean = writing.withLock {
        val now = shown.value
        val known = draft
        val written = when (known) {
            null -> core.entries.create(now.day, now.text, now.chosen, onRecord)
            else -> core.entries.write(known, now.day, now.text, now.chosen, onRecord)
        }
        when (written) {
            is Outcome.Done -> draft = if (onRecord) null else written.value.id
            is Outcome.Failed -> shown.update { it.copy(notKept = written.problem.reason) }
        }
        if (written is Outcome.Done) shown.update { it.copy(notKept = null) }
        written is Outcome.Done
    }
}

private fun typed(draft: Entry) = if (draft.note.isEmpty()) draft.title else "${draft.title}\n${draft.note}"
