package kinfolio.ui.reports

import androidx.compose.runtime.Composable
import kinfolio.bridge.HowFar
import kinfolio.bridge.Outcome
import kinfolio.ui.Saves
import kinfolio.ui.Target
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.Working
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** A file that is made: [far] while it is, then [made], or what went [wrong]. */
data class MakingState(val far: HowFar? = null, val made: Target? = null, val wrong: String? = null)

/** Makes one file at a time where a parent says. Stopped or failed, no half file stays. */
class Making(private val saves: Saves?, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(MakingState())
    val state: StateFlow<MakingState> = shown.asStateFlow()
    private var making: Job? = null

    /** [name] is offered for the file; none: there is nothing to make. [write] writes it to a path. */
    fun begin(name: suspend () -> String?, write: suspend (String, (HowFar) -> Unit) -> Outcome<*>) {
        if (making?.isActive == true || saves == null) return
        making = scope.launch {
            val target = saves.choose(name() ?: return@launch) ?: return@launch
            shown.update { MakingState(far = HowFar(0, 0)) }
            try {
                val written = write(target.path) { far -> shown.update { it.copy(far = far) } }
                when {
                    written is Outcome.Failed -> shown.update { it.copy(wrong = written.problem.reason) }
                    target.finish() -> shown.update { it.copy(made = target) }
                    else -> shown.update { it.copy(wrong = "") }
                }
            } finally {
                shown.update { it.copy(far = null) }
            }
        }
    }

    /** Something else is to be made: what was said of the last file is over. */
    fun forget() = shown.update { it.copy(made = null, wrong = null) }

    fun stop() {
        making?.cancel()
    }
}

/** The foot of a page that makes a file of a [kind]; [said] stands there until it is made. */
@Composable
internal fun MakingFoot(making: Making, state: MakingState, kind: String, said: String, onMake: () -> Unit) {
    val words = LocalStage.current.words
    val far = state.far
    if (far != null) return Working(if (far.total > 1) words["making_portfolio", far.done, far.total] else words["making_document"], far.part, making::stop)
    state.wrong?.let { Wrong(words["document_not_made", kind, it]) }
    Made(said, state.made)
    MainButton(words["make_kind", kind], onMake)
}
