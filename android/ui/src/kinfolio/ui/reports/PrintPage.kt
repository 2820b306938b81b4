package kinfolio.ui.reports

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Doubt
import kinfolio.bridge.Paperwork
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.Shielded
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.TickRow
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** The name in a document, and the file. */
data class PrintPage(val report: String) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { PrintModel(stage.core, report, stage.device.outside.saves, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.open() }
        Shielded()
        PageFrame(words["name_in_document"], foot = { Foot(state, model) }) {
            val learner = state.learner ?: return@PageFrame Loading()
            NameFields(learner.nickname, state.printAs, state.details.name, state.nameWrong, model::printAs) { typed -> model.details { it.copy(name = typed) } }
            DetailFields(state.details, model::details)
            TickRow(words["remember_here"], state.remembers, model::remembers)
            OthersField(state.named.others, model::others)
            Doubts(state.doubts)
            Places(state.places, model::tick)
            OtherPeople(state.otherNames, state.named.shortened, model::shorten)
            SwitchRow(words["samples_with_photos"], state.photos, model::photos, words["samples_with_photos_what"])
            if (state.hasLog) SwitchRow(words["log_recorded"], state.recorded, model::recorded, words["log_recorded_what"])
            NeverLeaves()
            Label(words["file_kind"])
            Segments(OF_REPORTS.map { it to words["kind_" + it.name.lowercase()] }, state.kind, model::kind)
            Help(words["file_name_is", fileName(state, stage.device.today().year)])
        }
    }
}

@Composable
private fun Doubts(doubts: List<Doubt>) {
    if (doubts.isEmpty()) return
    val words = LocalStage.current.words
    Head(words.count("places_to_check", doubts.size.toLong()))
    Help(words["places_help"])
    for (doubt in doubts) {
        Column(Modifier.padding(vertical = 6.dp).semantics(mergeDescendants = true) {}) {
            Help(doubt.heading)
            Text(inContext(doubt.before, doubt.word, doubt.after), style = MaterialTheme.typography.bodyLarge)
        }
    }
}

@Composable
private fun Foot(state: PrintState, model: PrintModel) {
    val stage = LocalStage.current
    val words = stage.words
    val making by model.making.state.collectAsState()
    val kind = words["kind_" + state.kind.name.lowercase()]
    val pages = state.pages?.let { words.count("pages", it.pages.toLong()) } ?: state.unprinted.orEmpty()
    MakingFoot(model.making, making, kind, pages) { model.make(fileName(state, stage.device.today().year)) }
}

/** A report is one file. */
internal val OF_REPORTS = Paperwork.entries - Paperwork.Folder

/** Without a name, real or not. */
private fun fileName(state: PrintState, year: Int) = "report-$year." + ending(state.kind)
