package kinfolio.ui.family.imports

import kinfolio.bridge.Column
import kinfolio.bridge.Core
import kinfolio.bridge.DateOrder
import kinfolio.bridge.FileFrom
import kinfolio.bridge.HowFar
import kinfolio.bridge.Learner
import kinfolio.bridge.Looked
import kinfolio.bridge.Named
import kinfolio.bridge.Outcome
import kinfolio.bridge.Reading
import kinfolio.bridge.TakenIn
import kinfolio.bridge.or
import kinfolio.ui.Picked
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the page of reading in shows: nothing chosen yet, what a file holds, how far it is, or what came of it. */
data class ImportState(
    val from: FileFrom = FileFrom.Kinfolio,
    val file: Picked? = null,
    val looked: Looked? = null,
    val learners: List<Learner> = emptyList(),
    val reading: Reading = Reading(),
    val isLooking: Boolean = false,
    val far: HowFar? = null,
    val isStopped: Boolean = false,
    val done: TakenIn? = null,
    /** Why the file can't be read, in the core's words. */
    val failed: String? = null,
    val whoWrong: Boolean = false,
    val namesWrong: Set<Named> = emptySet(),
    val datesWrong: Boolean = false,
)

/** Reads a file of an own record, a diary or a table in. [choose] asks for one. */
class ImportModel(private val core: Core, private val scope: CoroutineScope, private val choose: suspend () -> Picked?) {
    private val shown = MutableStateFlow(ImportState())
    val state: StateFlow<ImportState> = shown.asStateFlow()
    private var running: Job? = null

    /** Asks for a file of this kind and looks into it. */
    fun pick(from: FileFrom) {
        scope.launch {
            val file = choose() ?: return@launch
            val learners = core.learners.list().or { emptyList() }.filterNot { it.archived }
            val only = learners.singleOrNull()?.let { setOf(it.id) }.orEmpty()
            shown.value = ImportState(from, file, learners = learners, reading = Reading(learners = only))
            look(emptyList())
        }
    }

    private suspend fun look(columns: List<String>) {
        val file = shown.value.file ?: return
        shown.update { it.copy(isLooking = true, failed = null) }
        when (val looked = core.imports.look(shown.value.from, file.path, columns)) {
            is Outcome.Failed -> shown.update { it.copy(isLooking = false, failed = looked.problem.reason) }
            is Outcome.Done -> shown.update {
                // Those who have to be said come first. Who has no namesake here is somebody new, unless a parent says otherwise.
                val new = looked.value.named.filter { one -> !one.isHere && one.same.isEmpty() }.associateWith { null }
                val sorted = looked.value.named.sortedWith(compareBy({ one -> one.same.isEmpty() }, Named::nickname))
                it.copy(isLooking = false, looked = looked.value.copy(named = sorted), reading = it.reading.copy(who = new + it.reading.who, columns = looked.value.columns.map(Column::field)))
            }
        }
    }

    fun who(named: Named, learner: String?) = shown.update { it.copy(reading = it.reading.copy(who = it.reading.who + (named to learner)), namesWrong = it.namesWrong - named) }

    fun whose(learner: String) = shown.update {
        val now = it.reading.learners
        it.copy(reading = it.reading.copy(learners = if (learner in now) now - learner else now + learner), whoWrong = false)
    }

    fun dates(order: DateOrder) = shown.update { it.copy(reading = it.reading.copy(dates = order), datesWrong = false) }

    /** Takes a column for something else, and looks again. */
    fun column(at: Int, field: String) {
        scope.launch { look(shown.value.reading.columns.mapIndexed { place, one -> if (place == at) field else one }) }
    }

    /** Reads it in; what is missing is said at its place. */
    fun take() {
        val now = shown.value
        val (file, looked) = (now.file ?: return) to (now.looked ?: return)
        val asksWhose = now.from == FileFrom.DayOne || now.from == FileFrom.Table && "learners" !in now.reading.columns
        val unnamed = looked.named.filter { !it.isHere && it !in now.reading.who }.toSet()
        val (noWho, noOrder) = (asksWhose && now.reading.learners.isEmpty()) to (looked.dates.size > 1 && now.reading.dates == null)
        shown.update { it.copy(whoWrong = noWho, namesWrong = unnamed, datesWrong = noOrder, failed = null) }
        if (noWho || noOrder || unnamed.isNotEmpty()) return
        shown.update { it.copy(far = HowFar(0, 0), isStopped = false) }
        running = scope.launch {
            try {
                when (val taken = core.imports.take(now.from, file.path, now.reading) { far -> shown.update { it.copy(far = far) } }) {
                    is Outcome.Done -> shown.update { it.copy(done = taken.value) }
                    is Outcome.Failed -> shown.update { it.copy(failed = taken.problem.reason) }
                }
            } finally {
                shown.update { it.copy(far = null) }
            }
        }
    }

    /** Stops; what came in stays, and reading in again goes on there. */
    fun stop() {
        running?.cancel()
        shown.update { it.copy(isStopped = true) }
    }

    /** Back to the choice of a file. */
    fun again() {
        shown.value = ImportState()
    }
}
