package kinfolio.ui.search

import kinfolio.bridge.Core
import kinfolio.bridge.Found
import kinfolio.bridge.Outcome
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the search shows. [found] is null while nothing was asked. */
data class SearchState(val text: String = "", val found: Found? = null, val failed: String? = null)

/** So long after the last letter it looks. */
private const val PAUSE_MS = 120L

/** Looks for what is typed, while it is typed. */
class SearchModel(private val core: Core, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(SearchState())
    val state: StateFlow<SearchState> = shown.asStateFlow()
    private var looking: Job? = null

    /** What was found is looked for anew when something changed. */
    suspend fun watch() {
        core.changes.collect { again() }
    }

    fun type(text: String) {
        shown.update { it.copy(text = text) }
        look(PAUSE_MS)
    }

    fun again() = look(0)

    /** Shows the entries behind those that are shown. */
    fun more() {
        val before = shown.value
        val found = before.found ?: return
        looking?.cancel()
        looking = scope.launch {
            when (val more = core.finding.search(before.text, found.next)) {
                is Outcome.Done -> shown.update { it.copy(found = found + more.value, failed = null) }
                is Outcome.Failed -> shown.update { it.copy(failed = more.problem.reason) }
            }
        }
    }

    private fun look(pauseMs: Long) {
        looking?.cancel()
        looking = scope.launch {
            delay(pauseMs)
            val text = shown.value.text
            if (text.isBlank()) return@launch shown.update { it.copy(found = null, failed = null) }
            when (val found = core.finding.search(text)) {
                is Outcome.Done -> shown.update { it.copy(found = found.value, failed = null) }
                is Outcome.Failed -> shown.update { it.copy(found = null, failed = found.problem.reason) }
            }
        }
    }
}
