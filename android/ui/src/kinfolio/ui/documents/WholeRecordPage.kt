package kinfolio.ui.documents

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.WholeRecord
import kinfolio.ui.Saves
import kinfolio.ui.family.safety.size
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Wrong
import kinfolio.ui.reports.Making
import kinfolio.ui.reports.MakingFoot
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** What the file would hold; none yet. */
data class WholeRecordState(val holds: WholeRecord? = null, val failed: String? = null)

/** The whole record as one file. */
class WholeRecordModel(private val core: Core, saves: Saves?, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(WholeRecordState())
    val state: StateFlow<WholeRecordState> = shown.asStateFlow()
    val making = Making(saves, scope)

    fun load() {
        scope.launch {
            shown.value = when (val holds = core.takingAway.preview()) {
                is Outcome.Done -> WholeRecordState(holds.value)
                is Outcome.Failed -> WholeRecordState(failed = holds.problem.reason)
            }
        }
    }

    fun make() = making.begin({ shown.value.holds?.fileName }) { path, onFar -> core.takingAway.record(path, withoutMissing = true, onFar) }
}

/** Everything on this phone, to keep or to read in elsewhere. */
data object WholeRecordPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { WholeRecordModel(stage.core, stage.device.outside.saves, it) }
        val state by model.state.collectAsState()
        val making by model.making.state.collectAsState()
        LaunchedEffect(model) { model.load() }
        PageFrame(words["whole_record"], foot = { MakingFoot(model.making, making, words["kind_folder"], "", model::make) }) {
            state.failed?.let { return@PageFrame Failed(words["whole_record_failed", it], model::load) }
            val holds = state.holds ?: return@PageFrame Loading()
            Text(
                words[
                    "whole_record_holds", words.count("portfolio_entries", holds.entries.toLong()), words.count("portfolio_photos", holds.photos.toLong()),
                    size(holds.photoBytes, words),
                ],
                style = MaterialTheme.typography.titleMedium,
            )
            Help(words["whole_record_means"])
            if (holds.elsewhere > 0) Wrong(words.count("photos_elsewhere", holds.elsewhere.toLong()))
        }
    }
}
