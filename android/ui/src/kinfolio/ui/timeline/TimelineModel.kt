package kinfolio.ui.timeline

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Entry
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Stored
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

/** An entry on the timeline, and where it is. */
data class Row(val entry: Entry, val stored: Stored)

/** What the timeline shows. */
data class TimelineState(
    val learners: List<Learner> = emptyList(),
    val wanted: Wanted = Wanted(),
    val rows: List<Row> = emptyList(),
    val months: Map<LocalDate, Long> = emptyMap(),
    val sync: SyncState? = null,
    val isLoading: Boolean = true,
    val hasFailed: Boolean = false,
    /** Where the next stretch begins; null: that was all. */
    val next: Long? = null,
)

private const val STRETCH = 30

/** The timeline: a stretch at a time, and anew when something changed. */
class TimelineModel(private val core: Core, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(TimelineState())
    val state: StateFlow<TimelineState> = shown.asStateFlow()
    private var loading: Job? = null

    /** Looks for as long as the screen is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    fun choose(learner: String?) {
        shown.update { it.copy(wanted = Wanted(learner)) }
        load()
    }

    /** What is shown, read anew from its top to where it reaches. */
    fun load() {
        loading?.cancel()
        loading = scope.launch {
            val wanted = shown.value.wanted
            val length = shown.value.rows.size.coerceAtLeast(STRETCH)
            val stretch = core.entries.timeline(wanted, null, length)
            if (stretch !is Outcome.Done) return@launch shown.update { it.copy(isLoading = false, hasFailed = true) }
            val learners = core.learners.list().or { emptyList() }
            val months = core.entries.months(wanted).or { emptyMap() }
            val sync = core.sync.state().or { null }
            val rows = stretch.value.entries.map { row(it, sync) }
            shown.update {
                it.copy(learners = learners, rows = rows, months = months, sync = sync, isLoading = false, hasFailed = false, next = stretch.value.next)
            }
        }
    }

    /** The next stretch, once the end of this one is near. */
    fun more() {
        val (after, wanted) = shown.value.next to shown.value.wanted
        if (after == null || loading?.isActive == true) return
        loading = scope.launch {
            val stretch = core.entries.timeline(wanted, after, STRETCH)
            if (stretch !is Outcome.Done) return@launch
            val rows = stretch.value.entries.map { row(it, shown.value.sync) }
            shown.update { it.copy(rows = it.rows + rows, next = stretch.value.next) }
        }
    }

    private suspend fun row(entry: Entry, sync: SyncState?) =
        Row(entry, if (sync?.isOn == true) core.sync.of(entry.id).or { Stored.Waiting } else Stored.OnThisPhone)
}
