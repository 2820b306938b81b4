package kinfolio.ui.entry

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kinfolio.bridge.Core
import kinfolio.bridge.Entry
import kinfolio.bridge.Outcome
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.dayIn
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What was begun and is not on the record yet. */
data class DraftsState(val drafts: List<Entry>? = null, val failed: String? = null)

/** The drafts of the record. */
class DraftsModel(private val core: Core, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(DraftsState())
    val state: StateFlow<DraftsState> = shown.asStateFlow()

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { read() }
    }

    fun again() {
        scope.launch { read() }
    }

    private suspend fun read() = when (val read = core.editing.drafts()) {
        is Outcome.Done -> shown.update { DraftsState(read.value) }
        is Outcome.Failed -> shown.update { it.copy(failed = read.problem.reason) }
    }
}

/** Drafts, to go on with. */
data object DraftsPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { DraftsModel(stage.core, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["drafts"]) {
            Help(words["drafts_help"])
            val drafts = state.drafts
            state.failed?.let { Failed(it, model::again) }
            when {
                drafts == null -> if (state.failed == null) Loading()
                drafts.isEmpty() -> Empty(words["no_drafts"])
                else -> for (draft in drafts) {
                    val title = draft.title.ifEmpty { words["draft_without_words"] }
                    ListRow(title, detail = dayIn(draft.day, stage.device.today(), words), icon = Icons.Edit) { stage.way.open(EntryPage(draft.id)) }
                    Line()
                }
            }
        }
    }
}
