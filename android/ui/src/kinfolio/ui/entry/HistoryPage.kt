package kinfolio.ui.entry

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.foundation.layout.padding
import androidx.compose.ui.unit.dp
import java.time.Instant
import kinfolio.bridge.Core
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Version
import kinfolio.bridge.or
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.Latest
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What an entry was before, and the way back to it. */
data class HistoryState(val versions: List<Version>? = null, val learners: List<Learner> = emptyList(), val failed: String? = null)

/** The earlier versions of one entry. */
class HistoryModel(private val core: Core, private val entry: String, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(HistoryState())
    val state: StateFlow<HistoryState> = shown.asStateFlow()

    private val loading = Latest(scope)

    fun load() {
        loading.begin {
            val learners = core.learners.list().or { emptyList() }
            when (val read = core.versions.of(entry)) {
                is Outcome.Done -> shown.update { HistoryState(read.value, learners) }
                is Outcome.Failed -> shown.update { it.copy(failed = read.problem.reason) }
            }
        }
    }

    fun bringBack(version: Version, onDone: () -> Unit) {
        scope.launch {
            when (val done = core.versions.bringBack(entry, version)) {
                is Outcome.Done -> onDone()
                is Outcome.Failed -> shown.update { it.copy(failed = done.problem.reason) }
            }
        }
    }
}

/** Earlier versions of an entry. */
data class HistoryPage(val entry: String) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { HistoryModel(stage.core, entry, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.load() }
        PageFrame(words["earlier_versions"]) {
            Help(words["earlier_versions_help"])
            state.failed?.let { Failed(it, model::load) }
            val versions = state.versions
            when {
                versions == null -> if (state.failed == null) Loading()
                versions.isEmpty() -> Empty(words["no_earlier_versions"])
                else -> for (version in versions) {
                    OneVersion(version, state.learners) {
                        model.bringBack(version) {
                            stage.way.back()
                            stage.notices.say(words["version_is_back"], words["undo"]) { stage.core.undo.last(entry) }
                        }
                    }
                    Line()
                }
            }
        }
    }
}

@Composable
private fun OneVersion(version: Version, learners: List<Learner>, onBack: () -> Unit) {
    val stage = LocalStage.current
    val words = stage.words
    val at = Instant.ofEpochMilli(version.writtenAtMs).atZone(stage.device.zone)
    val said = words["version_of", words.day(at.toLocalDate()), "%02d:%02d".format(at.hour, at.minute)]
    Head(said)
    Text(version.title, style = MaterialTheme.typography.titleMedium)
    Help(words.day(version.day))
    if (version.note.isNotEmpty()) Text(version.note, Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyLarge)
    for (line in version.lines) {
        val learner = learners.find { it.id == line.learner } ?: continue
        Text("${learner.emoji} ${learner.nickname}" + if (line.text.isEmpty()) "" else ": ${line.text}", Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyLarge)
    }
    OtherButton(words["bring_version_back"], onBack, Modifier.padding(vertical = 12.dp), Icons.History)
}
