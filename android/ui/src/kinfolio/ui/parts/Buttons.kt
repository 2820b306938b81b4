package kinfolio.ui.parts

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Button
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.unit.dp

/** The one main action of a screen. */
@Composable
internal fun MainButton(text: String, onClick: () -> Unit, modifier: Modifier = Modifier, icon: ImageVector? = null) {
    Button(onClick, modifier.heightIn(min = 48.dp), shape = MaterialTheme.shapes.medium) { Inside(text, icon) }
}

/** Another action beside the main one. */
@Composable
internal fun OtherButton(text: String, onClick: () -> Unit, modifier: Modifier = Modifier, icon: ImageVector? = null) {
    OutlinedButton(
        onClick, modifier.heightIn(min = 48.dp), shape = MaterialTheme.shapes.medium,
        border = BorderStroke(1.dp, MaterialTheme.colorScheme.outline),
    ) { Inside(text, icon, MaterialTheme.colorScheme.onBackground) }
}

/** A small action in a row or under a text. */
@Composable
internal fun TextAction(text: String, onClick: () -> Unit, modifier: Modifier = Modifier, icon: ImageVector? = null) {
    TextButton(onClick, modifier.heightIn(min = 48.dp)) { Inside(text, icon) }
}

/** A picture that can be touched. [name] is what it is called for those who don't see it. */
@Composable
internal fun IconAction(icon: ImageVector, name: String, onClick: () -> Unit, modifier: Modifier = Modifier, isEnabled: Boolean = true) {
    IconButton(onClick, modifier.size(48.dp), isEnabled) { Icon(icon, name, Modifier.size(20.dp)) }
}

@Composable
private fun RowScope.Inside(text: String, icon: ImageVector?, colour: Color = Color.Unspecified) {
    icon?.let { Icon(it, null, Modifier.padding(end = 8.dp).size(20.dp)) }
    Text(text, Modifier.weight(1f, fill = false), style = MaterialTheme.typography.labelLarge, color = colour)
}
