package kinfolio.ui.timeline

import kinfolio.bridge.Core
import kinfolio.bridge.NamedFilter
import kinfolio.bridge.Outcome
import kinfolio.bridge.Wanted
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** The filters that were kept, and the name that is being typed for one. */
data class FilterState(
    val saved: List<NamedFilter> = emptyList(),
    /** What is typed; null: no name is being typed. */
    val name: String? = null,
    /** The one that gets this name; null: what is chosen now gets it. */
    val renamed: String? = null,
    val wrong: String? = null,
)

/** Keeps filters, gives them other names and lets them go. */
class FilterModel(private val core: Core, private val scope: CoroutineScope, private val says: (String) -> String) {
    private val shown = MutableStateFlow(FilterState())
    val state: StateFlow<FilterState> = shown.asStateFlow()

    /** Looks for as long as the sheet is there. */
    suspend fun watch() {
        core.changes.collect {
            when (val read = core.savedFilters.list()) {
                is Outcome.Done -> shown.update { it.copy(saved = read.value) }
                is Outcome.Failed -> shown.update { it.copy(wrong = read.problem.reason) }
            }
        }
    }

    /** Begins to give a name: to [filter], or to what is chosen now. */
    fun name(filter: NamedFilter? = null) = shown.update { it.copy(name = filter?.name.orEmpty(), renamed = filter?.id, wrong = null) }

    fun type(name: String) = shown.update { it.copy(name = name, wrong = null) }

    fun save(wanted: Wanted) {
        val now = shown.value
        val name = now.name.orEmpty()
        if (name.isBlank()) return shown.update { it.copy(wrong = says("filter_name_first")) }
        ask({ shown.update { it.copy(name = null, renamed = null) } }) {
            now.renamed?.let { core.savedFilters.rename(it, name) } ?: core.savedFilters.add(name, wanted)
        }
    }

    fun remove(filter: NamedFilter, onDone: () -> Unit) = ask(onDone) { core.savedFilters.remove(filter.id) }

    private fun ask(onDone: () -> Unit, what: suspend () -> Outcome<*>) {
        scope.launch {
            val failed = what() as? Outcome.Failed
            shown.update { it.copy(wrong = failed?.problem?.reason) }
            if (failed == null) onDone()
        }
    }
}
