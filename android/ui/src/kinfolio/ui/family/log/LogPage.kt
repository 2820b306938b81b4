package kinfolio.ui.family.log

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import java.time.Instant
import kinfolio.bridge.Core
import kinfolio.bridge.Happening
import kinfolio.bridge.Outcome
import kinfolio.ui.entry.EntryPage
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

private const val PAGE = 50

data class LogState(val isLoading: Boolean = true, val all: List<Happening> = emptyList(), val hasMore: Boolean = false, val failed: String? = null)

/** The log, a page at a time. */
class LogModel(private val core: Core, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(LogState())
    val state: StateFlow<LogState> = shown.asStateFlow()
    private var running: Job? = null

    fun more() {
        if (running?.isActive == true) return
        running = scope.launch {
            when (val page = core.log.page(shown.value.all.lastOrNull(), PAGE)) {
                is Outcome.Done -> shown.update { LogState(false, it.all + page.value, page.value.size == PAGE) }
                is Outcome.Failed -> shown.update { it.copy(isLoading = false, failed = page.problem.reason) }
            }
        }
    }
}

/** Who did what, when, on which phone. It is written by itself, and nobody can change it. */
object LogPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { LogModel(stage.core, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { if (state.all.isEmpty()) model.more() }
        PageFrame(words["family_log"]) {
            Help(words["family_log_what"])
            when {
                state.failed != null && state.all.isEmpty() -> Failed(state.failed.orEmpty(), model::more)
                state.isLoading -> Loading()
                state.all.isEmpty() -> Empty(words["family_log_none"])
                else -> {
                    for (one in state.all) {
                        Row(one)
                        Line()
                    }
                    if (state.hasMore) OtherButton(words["show_more"], model::more)
                }
            }
        }
    }
}

@Composable
private fun Row(of: Happening) {
    val stage = LocalStage.current
    val words = stage.words
    val at = Instant.ofEpochMilli(of.atMs).atZone(stage.device.zone)
    val time = "${words.day(at.toLocalDate())}, %02d:%02d".format(at.hour, at.minute)
    val thing = words.count("thing_${of.thing.name.lowercase()}", of.count.coerceAtLeast(1).toLong())
    val title = words["deed_${of.deed.name.lowercase()}", thing]
    val detail = listOf(time, of.device).filter(String::isNotEmpty).joinToString(" · ")
    ListRow(title, detail = detail, onClick = of.entry?.let { id -> { stage.way.open(EntryPage(id)) } })
}
