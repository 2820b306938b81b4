package kinfolio.ui.calendar

import java.time.DayOfWeek
import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.DayKind
import kinfolio.bridge.Entry
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Wanted
import kinfolio.bridge.or
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** A month of the record. */
data class CalendarState(
    val month: LocalDate,
    val chosen: LocalDate? = null,
    val weekStart: DayOfWeek = DayOfWeek.MONDAY,
    val learners: List<Learner> = emptyList(),
    /** The entries of each day; null while they are looked for. */
    val entries: Map<LocalDate, List<Entry>>? = null,
    val marked: Map<LocalDate, Set<DayKind>> = emptyMap(),
    val failed: String? = null,
) {
    /** Whose entries a day has, in the family's order. */
    fun whose(day: LocalDate): List<Learner> {
        val theirs = entries?.get(day).orEmpty().flatMapTo(HashSet()) { entry -> entry.lines.map { it.learner } }
        return learners.filter { it.id in theirs }
    }
}

/** Goes through the months. */
class CalendarModel(private val core: Core, private val scope: CoroutineScope, today: LocalDate) {
    private val shown = MutableStateFlow(CalendarState(today.withDayOfMonth(1)))
    val state: StateFlow<CalendarState> = shown.asStateFlow()
    private var loading: Job? = null

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    fun month(month: LocalDate) {
        shown.update { it.copy(month = month.withDayOfMonth(1), chosen = null, entries = null, marked = emptyMap()) }
        load()
    }

    fun choose(day: LocalDate?) = shown.update { it.copy(chosen = day) }

    fun load() {
        loading?.cancel()
        loading = scope.launch {
            val first = shown.value.month
            val last = first.plusMonths(1).minusDays(1)
            val entries = ArrayList<Entry>()
            var next: Long? = null
            do {
                when (val read = core.entries.timeline(Wanted(from = first, to = last), next, MOST)) {
                    is Outcome.Failed -> return@launch shown.update { it.copy(failed = read.problem.reason) }
                    is Outcome.Done -> {
                        entries += read.value.entries
                        next = read.value.next
                    }
                }
            } while (next != null)
            val marked = core.lookingBack.marked(first, last).or { emptyMap() }
            val learners = core.learners.list().or { emptyList() }
            val start = core.settings.family().or { null }?.weekStart ?: DayOfWeek.MONDAY
            shown.update { it.copy(entries = entries.groupBy(Entry::day), marked = marked, learners = learners, weekStart = start, failed = null) }
        }
    }
}

/** The core answers at most so many at once. */
private const val MOST = 500
