package kinfolio.ui.shelf

import kinfolio.bridge.Core
import kinfolio.bridge.Kind
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Shelved
import kinfolio.bridge.or
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** What a list of small things shows. */
data class ShelfState(
    val things: List<Shelved> = emptyList(),
    val learners: List<Learner> = emptyList(),
    val isLoading: Boolean = true,
    val hasFailed: Boolean = false,
)

/** The things of one kind. */
class ShelfModel(private val core: Core, private val scope: CoroutineScope, private val kind: Kind, private val learner: String?) {
    private val shown = MutableStateFlow(ShelfState())
    val state: StateFlow<ShelfState> = shown.asStateFlow()
    private val reading = Mutex()

    /** Looks for as long as the page is there. */
    suspend fun watch() = core.changes.collect { read() }

    fun load() {
        scope.launch { read() }
    }

    /** One after the other: what was read earlier must not come after what was read later. */
    private suspend fun read() = reading.withLock {
        val things = core.shelves[kind].list(learner)
        val learners = core.learners.list().or { emptyList() }
        shown.update {
            when (things) {
                is Outcome.Done -> ShelfState(things.value, learners, isLoading = false)
                is Outcome.Failed -> it.copy(isLoading = false, hasFailed = true)
            }
        }
    }
}
