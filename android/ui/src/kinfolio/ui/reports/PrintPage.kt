package kinfolio.ui.reports

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Doubt
import kinfolio.bridge.OthersAs
import kinfolio.bridge.Paperwork
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.Shielded
import kinfolio.ui.parts.TickRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.LocalStop
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.launch

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
            Label(words["print_as", learner.nickname])
            Segments(PrintAs.entries.map { it to words["as_" + it.name.lowercase()] }, state.printAs, model::printAs)
            if (state.printAs != PrintAs.Nickname) {
                val wrong = words["type_name"].takeIf { state.nameWrong }
                Field(words["full_name"], state.details.name, { typed -> model.details { it.copy(name = typed) } }, Modifier.padding(top = 8.dp), wrong = wrong, isPrivate = true)
            }
            More(state, model)
            TickRow(words["remember_here"], state.remembers, model::remembers)
            Label(words["others_as"])
            Segments(OthersAs.entries.map { it to words["others_" + it.name.lowercase()] }, state.others, model::others)
            Doubts(state.doubts)
            Card(Modifier.padding(top = 16.dp), MaterialTheme.colorScheme.primaryContainer) {
                Row {
                    Icon(Icons.OnPhone, null, Modifier.padding(end = 8.dp))
                    Text(words["never_leaves"], style = MaterialTheme.typography.titleMedium)
                }
                Text(words["never_leaves_what"], Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyMedium)
            }
            Label(words["file_kind"])
            Segments(Paperwork.entries.map { it to words["kind_" + it.name.lowercase()] }, state.kind, model::kind)
            Help(words["file_name_is", fileName(state, stage.device.today().year)])
        }
    }
}

@Composable
private fun More(state: PrintState, model: PrintModel) {
    val words = LocalStage.current.words
    val details = state.details
    val space = Modifier.padding(top = 12.dp)
    Field(words["born"], details.born, { typed -> model.details { it.copy(born = typed) } }, space, isPrivate = true)
    Field(words["council_reference"], details.reference, { typed -> model.details { it.copy(reference = typed) } }, space, isPrivate = true)
    Field(words["own_address"], details.sender, { typed -> model.details { it.copy(sender = typed) } }, space, lines = 2, isPrivate = true)
    Field(words["goes_to"], details.recipient, { typed -> model.details { it.copy(recipient = typed) } }, space, lines = 2, isPrivate = true)
    Field(words["educated_by"], details.educatedBy, { typed -> model.details { it.copy(educatedBy = typed) } }, space, isPrivate = true)
    Help(words["empty_is_left_out"])
}

@Composable
private fun Doubts(doubts: List<Doubt>) {
    if (doubts.isEmpty()) return
    val words = LocalStage.current.words
    Head(words.count("places_to_check", doubts.size.toLong()))
    Help(words["places_help"])
    for (doubt in doubts) {
        val text = buildAnnotatedString {
            append(doubt.before)
            withStyle(SpanStyle(fontWeight = FontWeight.Bold)) { append(doubt.word) }
            append(doubt.after)
        }
        Column(Modifier.padding(vertical = 6.dp).semantics(mergeDescendants = true) {}) {
            Help(doubt.heading)
            Text(text, style = MaterialTheme.typography.bodyLarge)
        }
    }
}

@Composable
private fun Foot(state: PrintState, model: PrintModel) {
    val stage = LocalStage.current
    val words = stage.words
    val scope = LocalStop.current.scope
    val kind = words["kind_" + state.kind.name.lowercase()]
    state.wrong?.let { Wrong(words["document_not_made", kind, it]) }
    val made = state.made
    val said = when {
        state.isMaking -> words["making_document"]
        made != null -> words["document_made", made.shown]
        else -> state.pages?.let { words.count("pages", it.pages.toLong()) }.orEmpty()
    }
    Text(said, Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyMedium)
    if (made != null) OtherButton(words["open_document"], { scope.launch { made.open() } })
    MainButton(words["make_kind", kind], { model.make(fileName(state, stage.device.today().year)) })
}

/** Without a name, real or not. */
private fun fileName(state: PrintState, year: Int) = "report-$year." + when (state.kind) {
    Paperwork.Pdf -> "pdf"
    Paperwork.Word -> "docx"
    Paperwork.WebPage -> "html"
}
