package kinfolio.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.sizeIn
import androidx.compose.foundation.selection.selectable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp

/** The pictures that are offered first. */
internal val PICTURES = listOf("🦔", "🦦", "🦉", "🦊", "🐝", "🐢")

/** A learner's picture, chosen from a few; one from elsewhere stands with them. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun Pictures(chosen: String, onChoose: (String) -> Unit) {
    val colours = MaterialTheme.colorScheme
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (picture in if (chosen in PICTURES) PICTURES else PICTURES + chosen) {
            val isChosen = picture == chosen
            Box(
                Modifier.sizeIn(minWidth = 48.dp, minHeight = 48.dp).clip(MaterialTheme.shapes.medium)
                    .background(if (isChosen) colours.primaryContainer else colours.surfaceContainer)
                    .border(if (isChosen) 2.dp else 1.dp, if (isChosen) colours.primary else colours.outline, MaterialTheme.shapes.medium)
                    .selectable(isChosen, role = Role.RadioButton) { onChoose(picture) },
                contentAlignment = Alignment.Center,
            ) {
                Text(picture, style = TextStyle(fontSize = 22.sp))
            }
        }
    }
}
