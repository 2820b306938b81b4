package kinfolio.ui.family.comfort

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import kinfolio.ui.look.Look
import kinfolio.ui.look.scheme

/** One of the looks: a small page drawn in it, over its name. */
@Composable
internal fun ThemeTile(look: Look, name: String, isChosen: Boolean, modifier: Modifier, onChoose: () -> Unit) {
    val colours = MaterialTheme.colorScheme
    val (edge, width) = if (isChosen) colours.primary to 2.dp else colours.outline to 1.dp
    Column(
        modifier.heightIn(min = 48.dp).clip(MaterialTheme.shapes.medium).background(colours.surfaceContainer)
            .border(width, edge, MaterialTheme.shapes.medium).selectable(isChosen, role = Role.RadioButton, onClick = onChoose).padding(6.dp),
    ) {
        Small(look)
        Row(Modifier.padding(top = 8.dp), verticalAlignment = Alignment.CenterVertically) {
            RadioButton(isChosen, null, Modifier.padding(end = 4.dp))
            Text(name, style = MaterialTheme.typography.bodyLarge)
        }
    }
}

@Composable
private fun Small(look: Look) {
    val of = scheme(look)
    val shape = MaterialTheme.shapes.small
    Column(Modifier.fillMaxWidth().background(of.background, shape).border(1.dp, of.outlineVariant, shape).padding(8.dp)) {
        Box(Modifier.fillMaxWidth(0.6f).height(4.dp).background(of.onBackground, shape))
        Box(Modifier.padding(top = 6.dp).fillMaxWidth().height(14.dp).background(of.surfaceContainer, shape).border(1.dp, of.outlineVariant, shape))
    }
}
