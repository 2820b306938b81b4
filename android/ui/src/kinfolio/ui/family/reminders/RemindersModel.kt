package kinfolio.ui.family.reminders

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.KeptReminder
import kinfolio.bridge.Learner
import kinfolio.bridge.OtherDue
import kinfolio.bridge.Outcome
import kinfolio.bridge.Reminder
import kinfolio.bridge.Telling
import kinfolio.bridge.or
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** So far ahead it is looked: a yearly one is seen, too. */
private const val AHEAD_DAYS = 400L

data class RemindersState(
    val isLoading: Boolean = true, val telling: Telling? = null, val reminders: List<KeptReminder> = emptyList(), val others: List<OtherDue> = emptyList(),
    val learners: List<Learner> = emptyList(), val failed: String? = null,
)

/** What is due, and when this phone tells it. */
class RemindersModel(private val core: Core, private val scope: CoroutineScope, private val today: LocalDate) {
    private val shown = MutableStateFlow(RemindersState())
    val state: StateFlow<RemindersState> = shown.asStateFlow()
    private val turn = Mutex()

    suspend fun watch() = core.changes.collect { load() }

    fun again() {
        scope.launch { load() }
    }

    private suspend fun load() = turn.withLock {
        val until = today.plusDays(AHEAD_DAYS)
        val telling = core.settings.telling().or { return@withLock fail(it.reason) }
        val reminders = core.reminders.list(until).or { return@withLock fail(it.reason) }
        val others = core.reminders.others(until).or { emptyList() }
        val learners = core.learners.list().or { emptyList() }
        shown.update { RemindersState(false, telling, reminders, others, learners) }
    }

    private fun fail(reason: String) = shown.update { it.copy(isLoading = false, failed = reason) }

    /** Changes what this phone tells, at once. */
    fun tell(how: (Telling) -> Telling) {
        scope.launch {
            turn.withLock {
                val new = how(shown.value.telling ?: return@withLock)
                when (val saved = core.settings.save(new)) {
                    is Outcome.Done -> shown.update { it.copy(telling = new, failed = null) }
                    is Outcome.Failed -> fail(saved.problem.reason)
                }
            }
        }
    }

    /** It is done for the day on which it is due; one that comes back is due again on its next day. */
    fun done(of: KeptReminder, onDone: suspend (undo: suspend () -> Unit) -> Unit) {
        val day = of.next ?: return
        scope.launch {
            val done = of.item.copy(done = day)
            core.reminders.save(of.id, of.item, done).or { return@launch fail(it.reason) }
            load()
            onDone {
                core.reminders.save(of.id, done, of.item)
                load()
            }
        }
    }
}

/** A reminder that is typed. */
data class ReminderState(
    val item: Reminder, val learners: List<Learner> = emptyList(), val isLoading: Boolean = true, val titleWrong: Boolean = false, val failed: String? = null,
)

class ReminderModel(private val core: Core, private val scope: CoroutineScope, private val id: String?, today: LocalDate) {
    private val shown = MutableStateFlow(ReminderState(Reminder("", today)))
    val state: StateFlow<ReminderState> = shown.asStateFlow()
    private var base: Reminder? = null

    /** Fills the form, once. */
    suspend fun open() {
        if (!shown.value.isLoading) return
        val learners = core.learners.list().or { emptyList() }.filterNot { it.archived }
        base = id?.let { core.reminders.get(it).or { problem -> return shown.update { now -> now.copy(failed = problem.reason) } } }
        shown.update { it.copy(item = base ?: it.item, learners = learners, isLoading = false) }
    }

    fun change(how: (Reminder) -> Reminder) = shown.update { it.copy(item = how(it.item), titleWrong = false, failed = null) }

    fun save(onSaved: () -> Unit) {
        val now = shown.value.item
        if (now.title.isBlank()) return shown.update { it.copy(titleWrong = true) }
        scope.launch {
            val before = base
            val saved = if (id == null || before == null) core.reminders.add(now) else core.reminders.save(id, before, now)
            if (saved is Outcome.Failed) shown.update { it.copy(failed = saved.problem.reason) } else onSaved()
        }
    }

    fun trash(onGone: () -> Unit) {
        scope.launch {
            core.reminders.trash(id ?: return@launch).or { return@launch shown.update { now -> now.copy(failed = it.reason) } }
            onGone()
        }
    }
}
