package kinfolio.ui.shelf

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.bridge.Shelf
import kinfolio.bridge.Shelved
import kinfolio.bridge.Slot
import kinfolio.bridge.SlotForm
import kinfolio.bridge.SubjectChoice
import kinfolio.bridge.SubjectsOf
import kinfolio.bridge.hours
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

/** What the form of a small thing shows. */
data class ItemState(
    /** What stands in the fields; none while it is opened. */
    val item: Item? = null,
    val learners: List<Learner> = emptyList(),
    val subjects: List<SubjectChoice> = emptyList(),
    /** What a slot for another thing may name. */
    val others: List<Shelved> = emptyList(),
    val isKept: Boolean = false,
    val isGone: Boolean = false,
    val failed: String? = null,
    /** The slots that have to be seen to, each with what to do. */
    val wrong: Map<Slot, String> = emptyMap(),
    val notKept: String? = null,
)

/** So long after the last letter what was typed is kept. */
private const val PAUSE_MS = 400L

/** One small thing, new or kept. What is typed is in the record a moment later, and at once when the page is left. */
class ItemModel(
    private val core: Core,
    private val scope: CoroutineScope,
    private val kind: Kind,
    private val id: String?,
    private val learner: String?,
    /** The first day of a new one; null: today. */
    private val day: LocalDate?,
    private val today: LocalDate,
    private val says: (String) -> String,
) {
    private val shown = MutableStateFlow(ItemState())
    val state: StateFlow<ItemState> = shown.asStateFlow()
    private val shelf: Shelf<*> = core.shelves[kind]
    private val writing = Mutex()
    private var open: Shelved? = null
    private var isTouched = false
    private var keeping: Job? = null

    init {
        scope.launch {
            try {
                awaitCancellation()
            } finally {
                withContext(NonCancellable) { keep(says("untitled")) }
            }
        }
    }

    /** Looks for as long as the page is there. */
    suspend fun watch() = core.changes.collect { load() }

    /** Reads everything anew. What was typed and is not kept yet stays. */
    suspend fun load() = writing.withLock {
        val of = open?.id ?: id
        if (of == null) {
            if (shown.value.item == null) shown.update { it.copy(item = begun()) }
        } else {
            when (val read = shelf.open(of)) {
                is Outcome.Failed -> shown.update { if (read.problem is Problem.Gone) it.copy(isGone = true) else it.copy(failed = read.problem.reason) }
                is Outcome.Done -> {
                    val before = open?.item
                    if (shown.value.item == before) {
                        open = read.value
                        shown.update { if (it.item == before) it.copy(item = read.value.item) else it }
                    }
                    shown.update { it.copy(isKept = true, failed = null) }
                }
            }
        }
        val learners = core.learners.list().or { emptyList() }
        val subjects = core.editing.subjects().or { emptyList() }
        // A letter is answered by one that was sent.
        val others = if (kind != Kind.Letters) emptyList() else shelf.list().or { emptyList() }.filter { it.id != of && it.item[Slot.Sent].isNotEmpty() }
        shown.update { it.copy(learners = learners, subjects = subjects, others = others) }
    }

    /** A new one: what has to be chosen is chosen already. */
    private fun begun(): Item {
        val filled = kind.needs.mapNotNull { slot ->
            when (slot.form) {
                SlotForm.Choice -> slot to if (slot == Slot.Mark) "away" else kind.choices(slot).first()
                SlotForm.Day -> slot to (day ?: today).toString()
                else -> null
            }
        }
        return Item(filled.toMap(), listOfNotNull(learner))
    }

    fun fill(slot: Slot, text: String) = change(slot) { item ->
        val filled = item.with(slot, text)
        // What is done has a day: today, unless another one was said. What is under way has none.
        when {
            slot != Slot.State || Slot.Ended !in kind.slots -> filled
            text == "open" -> filled.with(Slot.Ended, "")
            item[Slot.Ended].isEmpty() -> filled.with(Slot.Ended, today.toString())
            else -> filled
        }
    }

    /** Opens the draft that holds its photos or its file; one that is not there yet is made. */
    fun pages(onOpen: (String) -> Unit) {
        val item = shown.value.item ?: return
        val there = item[Slot.Scans]
        if (there.isNotEmpty()) return onOpen(there)
        scope.launch {
            val day = item[Slot.First].takeIf(String::isNotEmpty)?.let(LocalDate::parse) ?: today
            when (val made = core.entries.create(day, item[Slot.About].ifEmpty { item[Slot.Title] }, item.learners.toSet(), onRecord = false)) {
                is Outcome.Done -> {
                    fill(Slot.Scans, made.value.id)
                    onOpen(made.value.id)
                }
                is Outcome.Failed -> shown.update { it.copy(notKept = made.problem.reason) }
            }
        }
    }

    /** An entry of it, of today. */
    fun toEntry(onOpen: (String) -> Unit) {
        keeping?.cancel()
        scope.launch {
            keep()
            val of = open?.id ?: return@launch
            val made = if (kind == Kind.Plans) core.week.doPlan(of, today) else core.week.useTemplate(of, today)
            when (made) {
                is Outcome.Done -> onOpen(made.value)
                is Outcome.Failed -> shown.update { it.copy(notKept = made.problem.reason) }
            }
        }
    }

    fun who(id: String) = change { it.copy(learners = if (id in it.learners) it.learners - id else it.learners + id) }

    fun subject(id: String) = change {
        when {
            id in it.subjects -> it.copy(subjects = it.subjects - id)
            kind.subjects == SubjectsOf.One -> it.copy(subjects = listOf(id))
            else -> it.copy(subjects = it.subjects + id)
        }
    }

    private fun change(slot: Slot? = null, how: (Item) -> Item) {
        isTouched = true
        shown.update { it.copy(item = it.item?.let(how), wrong = if (slot == null) it.wrong else it.wrong - slot) }
        keeping?.cancel()
        keeping = scope.launch {
            delay(PAUSE_MS)
            withContext(NonCancellable) { keep() }
        }
    }

    /** Keeps it and goes on; what is missing is said. */
    fun save(onSaved: () -> Unit) {
        keeping?.cancel()
        isTouched = true
        scope.launch {
            val now = shown.value.item ?: return@launch
            val wrong = missing(now) + odd(now)
            shown.update { it.copy(wrong = wrong) }
            if (wrong.isNotEmpty()) return@launch
            keep()
            if (shown.value.notKept == null) onSaved()
        }
    }

    private fun missing(now: Item) = kind.needs.filter { now[it].isBlank() }.associateWith { says("${kind.word()}_${it.name.lowercase()}_first") }

    /** Numbers that are none, or too small or large; days of the week without a first day. */
    private fun odd(now: Item): Map<Slot, String> {
        val numbers = kind.slots.filter { now[it].isNotBlank() && !isNumber(it, now[it]) }.associateWith { slot ->
            says(if (slot.form == SlotForm.Hours) "hours_wrong" else "${slot.name.lowercase()}_wrong")
        }
        val hasNoFirst = now[Slot.Weekdays].isNotEmpty() && now[Slot.First].isEmpty()
        return if (hasNoFirst) numbers + (Slot.First to says("weekdays_first_day")) else numbers
    }

    private fun isNumber(slot: Slot, typed: String) = when (slot.form) {
        SlotForm.Number -> typed.trim().toIntOrNull() in slot.range
        SlotForm.Hours -> hours(typed)?.let { it in slot.range.first.toDouble()..slot.range.last.toDouble() } == true
        else -> true
    }

    /** What was typed is in the record when this returns; without a name only with [otherwise] in its place. */
    private suspend fun keep(otherwise: String? = null) = writing.withLock {
        val typed = shown.value.item ?: return@withLock
        if (!isTouched || typed == open?.item || shown.value.isGone) return@withLock
        // Left with nothing in it: there is nothing to keep.
        if (otherwise != null && open == null && typed == begun()) return@withLock
        val lacking = missing(typed).keys
        if (lacking.isNotEmpty() && otherwise == null) return@withLock
        val sent = lacking.fold(typed) { item, slot -> item.with(slot, otherwise.orEmpty()) }
        val base = open
        when (val saved = if (base == null) shelf.add(sent) else shelf.save(base, sent)) {
            is Outcome.Failed -> shown.update { it.copy(notKept = saved.problem.reason) }
            is Outcome.Done -> {
                val goesOn = shown.value.item != typed
                open = if (goesOn) shelf.goOn(saved.value, sent) else saved.value
                shown.update { it.copy(item = if (goesOn || it.item != typed) it.item else saved.value.item, isKept = true, notKept = null) }
            }
        }
    }

    fun trash(onDone: (String) -> Unit) {
        keeping?.cancel()
        scope.launch {
            keep()
            val of = open?.id ?: return@launch
            when (val done = shelf.trash(of)) {
                is Outcome.Done -> {
                    shown.update { it.copy(isGone = true) }
                    onDone(of)
                }
                is Outcome.Failed -> shown.update { it.copy(notKept = done.problem.reason) }
            }
        }
    }
}
