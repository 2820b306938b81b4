package kinfolio.ui.shelf

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Core
import kinfolio.bridge.Kind
import kinfolio.bridge.Outcome
import kinfolio.ui.family.lock.AskPin
import kinfolio.ui.family.lock.Lock
import kinfolio.ui.family.lock.Tried
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Shielded
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Whether needs notes and assessments are open, or why not. */
data class PrivateState(val isOpen: Boolean = false, val failed: String? = null)

/** Needs notes and assessments are open for as long as their page, or one over it, is there. */
class PrivateModel(private val core: Core, private val scope: CoroutineScope, private val lock: Lock?) {
    private val shown = MutableStateFlow(PrivateState())
    val state: StateFlow<PrivateState> = shown.asStateFlow()

    init {
        scope.launch {
            try {
                awaitCancellation()
            } finally {
                core.shelves.lock()
            }
        }
    }

    /** Whether a PIN is asked for. */
    val needsPin: Boolean get() = lock?.hasPin == true

    /** With the PIN of this phone. */
    suspend fun unlock(pin: String): Tried = checkNotNull(lock).unlock(pin).also { if (it is Tried.Right) open() }

    /** Where there is no PIN. */
    fun show() {
        if (!needsPin) scope.launch { open() }
    }

    private suspend fun open() {
        val opened = core.shelves.unlock()
        shown.update { PrivateState(opened is Outcome.Done, (opened as? Outcome.Failed)?.problem?.reason) }
    }
}

/** What a learner needs, and results of assessments: behind a question of their own. */
data object PrivatePage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { PrivateModel(stage.core, it, stage.device.outside.guard?.lock) }
        Shielded()
        PageFrame(words["private"]) {
            Help(words["private_means"])
            Asked(model) {
                for (kind in Kind.entries.filter { it.isPrivate }) {
                    ListRow(words[kind.word()], icon = kind.icon()) { stage.way.open(ShelfPage(kind)) }
                    Line()
                }
            }
        }
    }
}

/** Needs notes and assessments, once somebody has shown who they are; open for as long as the page that asked. */
@Composable
internal fun Asked(model: PrivateModel, open: @Composable () -> Unit) {
    val words = LocalStage.current.words
    val state by model.state.collectAsState()
    state.failed?.let { Wrong(it) }
    if (state.isOpen) {
        open()
    } else if (model.needsPin) {
        AskPin(words["private_open"], model::unlock, Modifier.padding(top = 16.dp))
    } else {
        Help(words["private_no_pin"], Modifier.padding(top = 16.dp))
        OtherButton(words["private_show"], model::show, Modifier.padding(top = 8.dp))
    }
}
