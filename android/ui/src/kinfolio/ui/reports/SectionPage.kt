package kinfolio.ui.reports

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalClipboardManager
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.unit.dp
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.LocalStop
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.launch

/** One section of a report, written as it is typed. */
data class SectionPage(val report: String, val key: String) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { SectionModel(stage.core, report, key, it) }
        val state by model.state.collectAsState()
        val scope = LocalStop.current.scope
        val clipboard = LocalClipboardManager.current
        LaunchedEffect(model) { model.open() }
        // Left within the pause: what was typed is kept all the same.
        DisposableEffect(model) { onDispose { stage.notices.keep { model.keep() } } }
        PageFrame(state.heading) {
            val text = state.text ?: return@PageFrame state.notKept?.let { Wrong(it) } ?: Loading()
            if (state.isSent) Help(words["version_is_fixed"]) else Help(words["section_help"])
            Field(
                state.heading, text, { if (!state.isSent) model.type(it) }, Modifier.padding(top = 8.dp),
                lines = 8, wrong = state.notKept, showsLabel = false,
            )
            TextAction(words["copy_section"], {
                scope.launch {
                    model.copied()?.let {
                        clipboard.setText(AnnotatedString(it))
                        stage.notices.say(words["section_copied"])
                    }
                }
            }, icon = Icons.Documents)
            if (!state.isSent) TextAction(words["take_in"], { stage.way.open(TakeInPage(report, key)) }, icon = Icons.Key)
        }
    }
}
