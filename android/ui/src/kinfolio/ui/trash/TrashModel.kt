package kinfolio.ui.trash

import kinfolio.bridge.Core
import kinfolio.bridge.KeepFor
import kinfolio.bridge.Outcome
import kinfolio.bridge.ThrownAway
import kinfolio.bridge.or
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the trash shows. */
data class TrashState(
    val things: List<ThrownAway>? = null,
    val chosen: Set<String> = emptySet(),
    val keepFor: KeepFor = KeepFor.Days30,
    val failed: String? = null,
    /** What was asked for and not done. */
    val wrong: String? = null,
    val asksFor: Set<String> = emptySet(),
)

/** What was thrown away, and for how long it stays. */
class TrashModel(private val core: Core, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(TrashState())
    val state: StateFlow<TrashState> = shown.asStateFlow()

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { read() }
    }

    fun again() {
        scope.launch { read() }
    }

    private suspend fun read() = when (val read = core.trash.list()) {
        is Outcome.Failed -> shown.update { it.copy(failed = read.problem.reason) }
        is Outcome.Done -> {
            val keep = core.trash.keepFor().or { shown.value.keepFor }
            val there = read.value.mapTo(HashSet()) { it.id }
            shown.update { it.copy(things = read.value, chosen = it.chosen intersect there, keepFor = keep, failed = null) }
        }
    }

    fun choose(id: String) = shown.update { it.copy(chosen = if (id in it.chosen) it.chosen - id else it.chosen + id) }

    fun chooseAll() = shown.update { it.copy(chosen = it.things.orEmpty().mapTo(HashSet()) { thing -> thing.id }) }

    /** Asks before anything is destroyed: for what is chosen now, and no more than that. */
    fun askToDestroy() = shown.update { it.copy(asksFor = it.chosen) }

    fun keepThem() = shown.update { it.copy(asksFor = emptySet()) }

    fun destroy() {
        val these = shown.value.asksFor
        keepThem()
        ask { core.trash.destroy(these.toList(), these.size) }
    }

    fun bringBack() {
        val these = shown.value.chosen
        for (id in these) ask { core.trash.bringBack(id) }
    }

    fun keepFor(how: KeepFor) = ask { core.trash.keepFor(how) }

    private fun ask(what: suspend () -> Outcome<Unit>) {
        shown.update { it.copy(wrong = null) }
        scope.launch {
            (what() as? Outcome.Failed)?.let { failed -> shown.update { it.copy(wrong = failed.problem.reason) } }
            read()
        }
    }
}
