package kinfolio.ui.learners

import java.time.LocalDate
import java.time.MonthDay
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Scheme
import kinfolio.bridge.YearGroup
import kinfolio.bridge.or
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** A learner's year group. [chosen] is its place among [groups]; null: none. */
data class YearGroupState(
    val isLoading: Boolean = true,
    val scheme: Scheme = Scheme.Uk,
    val groups: List<String> = emptyList(),
    val chosen: Int? = null,
    val movesUp: Boolean = true,
    /** When the family's year begins. */
    val yearStart: MonthDay? = null,
    /** The family shows year groups. */
    val isShown: Boolean = true,
    val wrong: String? = null,
)

/** Says in which year group a learner is. Each choice is kept at once. */
class YearGroupModel(private val core: Core, private val scope: CoroutineScope, private val id: String, private val today: LocalDate) {
    private val shown = MutableStateFlow(YearGroupState())
    val state: StateFlow<YearGroupState> = shown.asStateFlow()
    private val latest = Latest(scope)

    /** Looks for as long as the page is there. */
    suspend fun watch() = core.changes.collect { load() }

    private fun load() = latest.begin {
        val wishes = core.settings.family().or { return@begin fail(it.reason) }
        val now = core.learners.list().or { return@begin fail(it.reason) }.find { it.id == id }?.yearGroup
        val scheme = now?.scheme ?: shown.value.scheme
        val groups = core.learners.groups(scheme, today).or { return@begin fail(it.reason) }
        val chosen = now?.let { group -> core.learners.placeOn(group, today).or { null } }
        shown.update {
            YearGroupState(
                false, scheme, groups, chosen, if (now == null) it.movesUp else now.movesUpOn != null, wishes.yearStart, wishes.yearGroups, it.wrong,
            )
        }
    }

    /** The names of another scheme; the group is chosen anew among them. */
    fun look(scheme: Scheme) {
        scope.launch {
            val groups = core.learners.groups(scheme, today).or { return@launch fail(it.reason) }
            shown.update { it.copy(scheme = scheme, groups = groups, chosen = null) }
        }
    }

    fun choose(place: Int?) {
        shown.update { it.copy(chosen = place) }
        keep()
    }

    fun moveUp(movesUp: Boolean) {
        shown.update { it.copy(movesUp = movesUp) }
        if (shown.value.chosen != null) keep()
    }

    private fun keep() {
        val now = shown.value
        val group = now.chosen?.let { YearGroup(now.scheme, it, today, now.yearStart.takeIf { now.movesUp }) }
        scope.launch {
            val kept = core.learners.put(id, group)
            shown.update { it.copy(wrong = (kept as? Outcome.Failed)?.problem?.reason) }
        }
    }

    private fun fail(reason: String) = shown.update { it.copy(isLoading = false, wrong = reason) }
}
