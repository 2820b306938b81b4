package kinfolio.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp

/** A choice with less room than this breaks its words. */
private val LEAST = 84.dp

/** One of a few, side by side; below each other where the text is large or the phone narrow. */
@Composable
internal fun <T> Segments(choices: List<Pair<T, String>>, chosen: T, onChoose: (T) -> Unit, modifier: Modifier = Modifier) {
    val around = modifier.fillMaxWidth().clip(MaterialTheme.shapes.medium)
        .border(1.dp, MaterialTheme.colorScheme.outline, MaterialTheme.shapes.medium).selectableGroup()
    val isLarge = isTextLarge()
    BoxWithConstraints(around) {
        if (isLarge || maxWidth / choices.size < LEAST) {
            Column { for ((choice, text) in choices) Segment(text, choice == chosen, Modifier.fillMaxWidth()) { onChoose(choice) } }
        } else {
            Row(Modifier.height(IntrinsicSize.Min), Arrangement.SpaceEvenly) {
                for ((choice, text) in choices) Segment(text, choice == chosen, Modifier.weight(1f).fillMaxHeight()) { onChoose(choice) }
            }
        }
    }
}

@Composable
private fun Segment(text: String, isChosen: Boolean, modifier: Modifier, onChoose: () -> Unit) {
    val colours = MaterialTheme.colorScheme
    Box(
        modifier.heightIn(min = 48.dp).background(if (isChosen) colours.primaryContainer else colours.surfaceContainer)
            .border(if (isChosen) 1.dp else 0.5.dp, if (isChosen) colours.primary else colours.outline)
            .selectable(isChosen, role = Role.RadioButton, onClick = onChoose).padding(8.dp, 4.dp),
        Alignment.Center,
    ) {
        val style = if (isChosen) MaterialTheme.typography.labelLarge else MaterialTheme.typography.bodyLarge
        Text(text, style = style, textAlign = TextAlign.Center, color = if (isChosen) colours.onPrimaryContainer else colours.onSurface)
    }
}
