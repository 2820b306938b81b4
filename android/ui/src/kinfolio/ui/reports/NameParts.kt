package kinfolio.ui.reports

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Details
import kinfolio.bridge.Learner
import kinfolio.bridge.OthersAs
import kinfolio.bridge.Paperwork
import kinfolio.ui.Target
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.LocalStop
import kotlinx.coroutines.launch

/** What stands for a nickname. */
@Composable
internal fun NameFields(nickname: String, printAs: PrintAs, name: String, isWrong: Boolean, onPrintAs: (PrintAs) -> Unit, onName: (String) -> Unit) {
    val words = LocalStage.current.words
    Label(words["print_as", nickname])
    Segments(PrintAs.entries.map { it to words["as_" + it.name.lowercase()] }, printAs, onPrintAs)
    if (printAs == PrintAs.Nickname) return
    Field(words["full_name"], name, onName, Modifier.padding(top = 8.dp), wrong = words["type_name"].takeIf { isWrong }, isPrivate = true)
}

/** Whom a document is about. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun WhoseField(label: String, learners: List<Learner>, chosen: String?, isWrong: Boolean, onChoose: (Learner) -> Unit) {
    Label(label)
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (learner in learners) Chip(learner.nickname, learner.id == chosen, { onChoose(learner) }, learner)
    }
    if (isWrong) Wrong(LocalStage.current.words["choose_who"])
}

/** What a letter to an authority says beside the name; each may stay empty. */
@Composable
internal fun DetailFields(details: Details, onDetails: ((Details) -> Details) -> Unit) {
    val words = LocalStage.current.words
    val space = Modifier.padding(top = 12.dp)
    Field(words["born"], details.born, { typed -> onDetails { it.copy(born = typed) } }, space, isPrivate = true)
    Field(words["council_reference"], details.reference, { typed -> onDetails { it.copy(reference = typed) } }, space, isPrivate = true)
    Field(words["own_address"], details.sender, { typed -> onDetails { it.copy(sender = typed) } }, space, lines = 2, isPrivate = true)
    Field(words["goes_to"], details.recipient, { typed -> onDetails { it.copy(recipient = typed) } }, space, lines = 2, isPrivate = true)
    Field(words["educated_by"], details.educatedBy, { typed -> onDetails { it.copy(educatedBy = typed) } }, space, isPrivate = true)
    Help(words["empty_is_left_out"])
}

/** What becomes of the other learners' nicknames. */
@Composable
internal fun OthersField(others: OthersAs, onOthers: (OthersAs) -> Unit) {
    val words = LocalStage.current.words
    Label(words["others_as"])
    Segments(OthersAs.entries.map { it to words["others_" + it.name.lowercase()] }, others, onOthers)
}

/** Where the names go: nowhere. */
@Composable
internal fun NeverLeaves() {
    val words = LocalStage.current.words
    Card(Modifier.padding(top = 16.dp), MaterialTheme.colorScheme.primaryContainer) {
        Row {
            Icon(Icons.OnPhone, null, Modifier.padding(end = 8.dp))
            Text(words["never_leaves"], style = MaterialTheme.typography.titleMedium)
        }
        Text(words["never_leaves_what"], Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyMedium)
    }
}

/** The document that was made, and until then [said]. */
@Composable
internal fun Made(said: String, made: Target?) {
    val words = LocalStage.current.words
    val scope = LocalStop.current.scope
    Text(made?.let { words["document_made", it.shown] } ?: said, Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyMedium)
    if (made != null) OtherButton(words["open_document"], { scope.launch { made.open() } })
}

/** A word among those around it. */
internal fun inContext(before: String, word: String, after: String): AnnotatedString = buildAnnotatedString {
    append(before)
    withStyle(SpanStyle(fontWeight = FontWeight.Bold)) { append(word) }
    append(after)
}

internal fun ending(of: Paperwork) = when (of) {
    Paperwork.Pdf -> "pdf"
    Paperwork.Word -> "docx"
    Paperwork.WebPage -> "html"
    Paperwork.Folder -> "zip"
}
