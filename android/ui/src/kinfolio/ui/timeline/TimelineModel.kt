package kinfolio.ui.timeline

import java.time.LocalDate
import kinfolio.bridge.AttachedFile
import kinfolio.bridge.Core
import kinfolio.bridge.Entry
import kinfolio.bridge.FileKind
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Stored
import kinfolio.bridge.Stretch
import kinfolio.bridge.SubjectChoice
import kinfolio.bridge.SyncState
import kinfolio.bridge.Wanted
import kinfolio.bridge.or
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** An entry on the timeline, its photos, and where it is. */
data class Row(val entry: Entry, val stored: Stored, val photos: List<AttachedFile> = emptyList())

/** What the timeline shows. */
data class TimelineState(
    val learners: List<Learner> = emptyList(),
    val subjects: List<SubjectChoice> = emptyList(),
    val wanted: Wanted = Wanted(),
    val rows: List<Row> = emptyList(),
    val months: Map<LocalDate, Long> = emptyMap(),
    val sync: SyncState? = null,
    val isLoading: Boolean = true,
    val hasFailed: Boolean = false,
    /** Where the next stretch begins; null: that was all. */
    val next: Long? = null,
    /** Why the next stretch did not come. */
    val moreFailed: String? = null,
    /** What was asked for and not done. */
    val wrong: String? = null,
    /** The month to which the list is to go. */
    val jump: LocalDate? = null,
) {
    /** Where a month's heading stands in the list. */
    fun place(month: LocalDate): Int = rows.map { it.entry.day.withDayOfMonth(1) }.takeWhile { it > month }.let { it.size + it.distinct().size }
}

private const val STRETCH = 30

/** The core answers at most so many at once. */
private const val MOST = 500

/** The timeline: a stretch at a time, and anew when something changed. [read] is the core's, from where it is told on. */
class TimelineModel(
    private val core: Core,
    private val scope: CoroutineScope,
    private val read: suspend (Wanted, Long?, Int) -> Outcome<Stretch> = core.entries::timeline,
) {
    private val shown = MutableStateFlow(TimelineState())
    val state: StateFlow<TimelineState> = shown.asStateFlow()
    private var loading: Job? = null

    /** Looks for as long as the screen is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    fun choose(learner: String?) = narrow(shown.value.wanted.copy(learner = learner))

    /** Shows only this. */
    fun narrow(wanted: Wanted) {
        shown.update { it.copy(wanted = wanted, rows = emptyList(), next = null, isLoading = true) }
        load()
    }

    /** What is shown, read anew from its top to where it reaches. */
    fun load() {
        loading?.cancel()
        loading = scope.launch { reach(shown.value.rows.size.coerceAtLeast(STRETCH)) }
    }

    /** Reads on until this month is there, and goes to it. */
    fun jump(month: LocalDate) {
        loading?.cancel()
        val before = shown.value.months.filterKeys { it > month }.values.sum().toInt()
        loading = scope.launch {
            reach((before + STRETCH).coerceAtLeast(shown.value.rows.size))
            shown.update { it.copy(jump = month.takeIf { _ -> !it.hasFailed }) }
        }
    }

    /** The list is there. */
    fun jumped() = shown.update { it.copy(jump = null) }

    private suspend fun reach(length: Int) {
        val wanted = shown.value.wanted
        val entries = ArrayList<Entry>()
        var next: Long? = null
        do {
            val stretch = read(wanted, next, (length - entries.size).coerceAtMost(MOST))
            if (stretch !is Outcome.Done) return shown.update { it.copy(isLoading = false, hasFailed = true) }
            entries += stretch.value.entries
            next = stretch.value.next
        } while (next != null && entries.size < length)
        val learners = core.learners.list().or { emptyList() }
        val subjects = core.editing.subjects().or { emptyList() }
        val months = core.entries.months(wanted).or { emptyMap() }
        val sync = core.sync.state().or { null }
        val rows = entries.map { row(it, sync) }
        shown.update {
            it.copy(
                learners = learners, subjects = subjects, rows = rows, months = months, sync = sync,
                isLoading = false, hasFailed = false, next = next, moreFailed = null,
            )
        }
    }

    /** The next stretch, once the end of this one is near. */
    fun more() {
        val (after, wanted) = shown.value.next to shown.value.wanted
        if (after == null || loading?.isActive == true) return
        loading = scope.launch {
            shown.update { it.copy(moreFailed = null) }
            when (val stretch = read(wanted, after, STRETCH)) {
                is Outcome.Failed -> shown.update { it.copy(moreFailed = stretch.problem.reason) }
                is Outcome.Done -> {
                    val rows = stretch.value.entries.map { row(it, shown.value.sync) }
                    shown.update { it.copy(rows = it.rows + rows, next = stretch.value.next) }
                }
            }
        }
    }

    /** Puts a star on an entry, or takes it off. */
    fun star(id: String, on: Boolean) = ask { core.entries.star(id, on) }

    /** Moves an entry to the trash. */
    fun trash(id: String, onDone: () -> Unit) = ask(onDone) { core.entries.trash(id) }

    private fun ask(onDone: () -> Unit = {}, what: suspend () -> Outcome<Unit>) {
        scope.launch {
            val failed = what() as? Outcome.Failed
            shown.update { it.copy(wrong = failed?.problem?.reason) }
            if (failed == null) onDone()
        }
    }

    private suspend fun row(entry: Entry, sync: SyncState?): Row {
        val stored = if (sync?.isOn == true) core.sync.of(entry.id).or { Stored.Waiting } else Stored.OnThisPhone
        val files = if (entry.photos.isEmpty()) emptyList() else core.attached.of(entry.id).or { emptyList() }
        return Row(entry, stored, files.filter { it.kind == FileKind.Photo })
    }
}
