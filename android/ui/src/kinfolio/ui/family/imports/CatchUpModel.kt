package kinfolio.ui.family.imports

import java.time.LocalDate
import kinfolio.bridge.CaughtUp
import kinfolio.bridge.Core
import kinfolio.bridge.HowFar
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.PhotosOfDay
import kinfolio.bridge.SaidOfDays
import kinfolio.bridge.SubjectChoice
import kinfolio.bridge.or
import kinfolio.ui.Picked
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** What is being done with the photos. */
enum class CatchingUp { Looking, Making }

/** The page of catching up. No [now]: nothing is under way. */
data class CatchUpState(
    val isLoading: Boolean = true,
    val now: CaughtUp? = null,
    val groups: List<PhotosOfDay> = emptyList(),
    val learners: List<Learner> = emptyList(),
    val subjects: List<SubjectChoice> = emptyList(),
    val doing: CatchingUp? = null,
    val far: HowFar = HowFar(0, 0),
    val failed: String? = null,
    /** What is missing before entries can be made: numbers of groups without a learner or a day. */
    val unready: Set<UInt> = emptySet(),
    val noneTicked: Boolean = false,
) {
    /** Groups that are no entries yet. */
    val open: List<PhotosOfDay> get() = groups.filter { it.entry == null && it.photos > 0 }
    val ticked: List<PhotosOfDay> get() = open.filter { it.isTicked }
}

/** Photos become entries, by day. The core keeps what is under way, so leaving the page or the app loses nothing. */
class CatchUpModel(private val core: Core, private val scope: CoroutineScope, private val choose: suspend () -> List<Picked>) {
    private val shown = MutableStateFlow(CatchUpState())
    val state: StateFlow<CatchUpState> = shown.asStateFlow()
    private var running: Job? = null
    private val saying = Mutex()

    suspend fun load() {
        val learners = core.learners.list().or { emptyList() }.filterNot { it.archived }
        val subjects = core.editing.subjects().or { emptyList() }.filterNot { it.isHidden }
        shown.update { it.copy(learners = learners, subjects = subjects) }
        refresh()
    }

    private suspend fun refresh() {
        val now = core.catchUp.overview().or { return fail(it.reason) }
        val groups = if (now == null) emptyList() else core.catchUp.groups().or { emptyList() }
        shown.update { it.copy(isLoading = false, now = now, groups = groups) }
    }

    private fun fail(reason: String) = shown.update { it.copy(isLoading = false, failed = reason) }

    /** Asks for photos, and looks at them. */
    fun give() {
        scope.launch {
            val chosen = choose()
            if (chosen.isEmpty()) return@launch
            core.catchUp.give(chosen.map { it.path to it.name }).or { return@launch fail(it.reason) }
            refresh()
            look()
        }
    }

    /** Looks at those that were not looked at, from where it was stopped. */
    fun look() = work(CatchingUp.Looking) { far ->
        core.catchUp.look(far).also { done ->
            // A family with one learner says it once, by having one.
            val (only, open) = shown.value.learners.singleOrNull() to core.catchUp.groups().or { emptyList() }.filter { it.entry == null && it.learners.isEmpty() }
            if (done is Outcome.Done && only != null && open.isNotEmpty()) core.catchUp.say(open.map { it.number }, SaidOfDays(learners = listOf(only.id)))
        }
    }

    /** Makes entries of the ticked groups; what is missing is said. */
    fun make() {
        val now = shown.value
        val unready = now.ticked.filter { it.learners.isEmpty() || it.day == null }.map { it.number }.toSet()
        shown.update { it.copy(unready = unready, noneTicked = now.ticked.isEmpty(), failed = null) }
        if (unready.isEmpty() && now.ticked.isNotEmpty()) work(CatchingUp.Making) { core.catchUp.make(it) }
    }

    private fun work(doing: CatchingUp, what: suspend ((HowFar) -> Unit) -> Outcome<CaughtUp>) {
        if (running?.isActive == true) return
        shown.update { it.copy(doing = doing, far = HowFar(0, 0), failed = null) }
        running = scope.launch {
            try {
                val done = what { far -> shown.update { it.copy(far = far) } }
                if (done is Outcome.Failed) fail(done.problem.reason)
            } finally {
                shown.update { it.copy(doing = null) }
                // Also after it was stopped: what was done stands.
                scope.launch { refresh() }
            }
        }
    }

    /** Stops at the next photo, or the next entry. */
    fun stop() {
        running?.cancel()
    }

    fun tick(group: PhotosOfDay, isTicked: Boolean) = say(listOf(group.number), SaidOfDays(isTicked = isTicked))

    fun tickAll(isTicked: Boolean) = say(shown.value.open.map { it.number }, SaidOfDays(isTicked = isTicked))

    fun on(group: PhotosOfDay, day: LocalDate) = say(listOf(group.number), SaidOfDays(day = day))

    fun title(group: PhotosOfDay, title: String) = say(listOf(group.number), SaidOfDays(title = title))

    fun learner(groups: List<PhotosOfDay>, learner: String, isTheirs: Boolean) {
        for ((now, of) in groups.groupBy { it.learners }) say(of.map { it.number }, SaidOfDays(learners = if (isTheirs) (now + learner).distinct() else now - learner))
    }

    fun subject(groups: List<PhotosOfDay>, subject: String, isTheirs: Boolean) {
        for ((now, of) in groups.groupBy { it.subjects }) say(of.map { it.number }, SaidOfDays(subjects = if (isTheirs) (now + subject).distinct() else now - subject))
    }

    private fun say(groups: List<UInt>, what: SaidOfDays) {
        scope.launch {
            // In the order in which it was typed.
            saying.withLock {
                val said = core.catchUp.say(groups, what).or { return@launch fail(it.reason) }
                shown.update { it.copy(groups = said, unready = it.unready - groups.toSet(), noneTicked = false) }
                refresh()
            }
        }
    }

    /** Puts the photos away; entries that were made stay. */
    fun end() {
        scope.launch {
            core.catchUp.end().or { return@launch fail(it.reason) }
            refresh()
        }
    }
}
