package kinfolio.ui.reports

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
import kinfolio.bridge.OthersAs
import kinfolio.bridge.Paperwork
import kinfolio.ui.Target
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.Segments
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
