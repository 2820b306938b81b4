package kinfolio.ui.family.help

import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kotlinx.coroutines.launch

/** The nations whose rules the app knows something of, by the names of their words. */
enum class Nation { England, Wales, Scotland, Ireland, States, Australia }

/** Help that is in the app. Opening it asks the core nothing: it changes no byte and leaves no trace. */
object HelpPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        PageFrame(words["help"]) {
            Head(words["help_rights"])
            Help(words["help_rights_what"])
            for (nation in Nation.entries) {
                ListRow(words["nation_${nation.name.lowercase()}"]) { stage.way.open(NationPage(nation)) }
                Line()
            }
            Head(words["help_risk"])
            ListRow(words["help_risk_row"], icon = Icons.Info) { stage.way.open(RiskPage) }
            Head(words["help_app"])
            for (name in listOf("help_offline", "help_private", "help_leave")) Said(words[name])
        }
    }
}

/** What the law of one nation asks, in a few sentences, and where to read on. */
data class NationPage(val nation: Nation) : Page {
    @Composable
    override fun Content() {
        val words = LocalStage.current.words
        val name = nation.name.lowercase()
        PageFrame(words["nation_$name"]) {
            Said(words["rights_$name"])
            Help(words["help_no_advice"])
            Links(words["links_$name"])
        }
    }
}

/** Where to turn if a child may be at risk. */
object RiskPage : Page {
    @Composable
    override fun Content() {
        val words = LocalStage.current.words
        PageFrame(words["help_risk"]) {
            Said(words["risk_now"])
            Said(words["risk_uk"])
            Said(words["risk_states"])
            Said(words["risk_australia"])
            Help(words["risk_trace"])
            Links(words["links_risk"])
        }
    }
}

@Composable
private fun Said(text: String) = Text(text, Modifier.widthIn(max = 480.dp).padding(vertical = 8.dp), style = MaterialTheme.typography.bodyLarge)

/** Pages elsewhere, one a line. They open in the browser; without one their address can be read. */
@Composable
private fun Links(lines: String) {
    val stage = LocalStage.current
    val scope = rememberCoroutineScope()
    var unopened by remember { mutableStateOf("") }
    Head(stage.words["help_links"])
    Help(stage.words["help_links_what"])
    for (link in lines.lines().map(String::trim).filter(String::isNotEmpty)) {
        ListRow(link.substringAfter("https://").removeSuffix("/")) { scope.launch { unopened = if (stage.device.outside.browser.open(link)) "" else link } }
        Line()
    }
    if (unopened.isNotEmpty()) Help(stage.words["open_yourself", unopened])
}
