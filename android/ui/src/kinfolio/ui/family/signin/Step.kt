package kinfolio.ui.family.signin

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.sizeIn
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.ui.LocalWords
import kinfolio.ui.look.Icons

/** One of several steps: its number, or a tick once it is done. */
@Composable
internal fun Step(number: Int, text: String, isDone: Boolean = false) {
    val colours = MaterialTheme.colorScheme
    Row(Modifier.padding(top = 20.dp, bottom = 8.dp).semantics(mergeDescendants = true) { heading() }, verticalAlignment = Alignment.Top) {
        Box(
            Modifier.sizeIn(minWidth = 28.dp, minHeight = 28.dp).clip(MaterialTheme.shapes.small).background(colours.primaryContainer).padding(4.dp),
            Alignment.Center,
        ) {
            if (isDone) {
                Icon(Icons.Chosen, LocalWords.current["step_done"], tint = colours.onPrimaryContainer)
            } else {
                Text(number.toString(), style = MaterialTheme.typography.labelMedium, color = colours.onPrimaryContainer)
            }
        }
        Text(text, Modifier.padding(start = 12.dp, top = 2.dp), style = MaterialTheme.typography.bodyLarge)
    }
}
