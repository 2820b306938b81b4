package kinfolio.ui.learners

import kinfolio.bridge.Core
import kinfolio.bridge.Gone
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.or
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the list of learners shows. */
data class LearnersState(
    val learners: List<Learner> = emptyList(),
    val gone: List<Gone> = emptyList(),
    val isLoading: Boolean = true,
    val hasFailed: Boolean = false,
    /** Why the last one was not brought back. */
    val wrong: String? = null,
)

/** The learners of the family. */
class LearnersModel(private val core: Core, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(LearnersState())
    val state: StateFlow<LearnersState> = shown.asStateFlow()
    private val latest = Latest(scope)

    /** Looks for as long as the screen is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    fun load() {
        latest.begin {
            val learners = core.learners.list()
            val gone = core.learners.gone().or { emptyList() }
            shown.update {
                when (learners) {
                    is Outcome.Done -> it.copy(learners = learners.value, gone = gone, isLoading = false, hasFailed = false)
                    is Outcome.Failed -> it.copy(isLoading = false, hasFailed = true)
                }
            }
        }
    }

    fun restore(id: String) {
        scope.launch {
            val restored = core.learners.restore(id)
            shown.update { it.copy(wrong = (restored as? Outcome.Failed)?.problem?.reason) }
            load()
        }
    }
}
