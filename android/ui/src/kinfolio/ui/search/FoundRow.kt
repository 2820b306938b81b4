package kinfolio.ui.search

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.SpanStyle
import androidx.compose.ui.text.buildAnnotatedString
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.text.withStyle
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Piece

/** Something that was found: its title, its day, and the words around the place. What was looked for is bold on another ground. */
@Composable
internal fun FoundRow(title: String, day: String, pieces: List<Piece>, onOpen: (() -> Unit)? = null) {
    val colours = MaterialTheme.colorScheme
    val touched = if (onOpen == null) Modifier.semantics(mergeDescendants = true) {} else Modifier.clickable(role = Role.Button, onClick = onOpen)
    val mark = SpanStyle(fontWeight = FontWeight.Bold, background = colours.primaryContainer, color = colours.onPrimaryContainer)
    val said = buildAnnotatedString {
        for (piece in pieces) if (piece.isFound) withStyle(mark) { append(piece.text) } else append(piece.text)
    }
    Column(Modifier.fillMaxWidth().then(touched).heightIn(min = 56.dp).padding(vertical = 12.dp)) {
        // Found in the title itself: it is marked there, and not written twice.
        if (said.text == title) Text(said, style = MaterialTheme.typography.titleMedium)
        else Text(title, style = MaterialTheme.typography.titleMedium)
        if (day.isNotEmpty()) Text(day, style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
        if (said.text != title) Text(said, Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyLarge, maxLines = 3, overflow = TextOverflow.Ellipsis)
    }
}
