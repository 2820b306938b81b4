package kinfolio.ui.parts

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.Checkbox
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RadioButton
import androidx.compose.material3.Switch
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.ui.look.Icons

/** A line of a list: what it is, a little more, and what stands at its end. With [onClick] the whole line can be touched. */
@Composable
internal fun ListRow(
    title: String,
    modifier: Modifier = Modifier,
    detail: String = "",
    icon: ImageVector? = null,
    learner: Learner? = null,
    end: String = "",
    trailing: (@Composable () -> Unit)? = null,
    onClick: (() -> Unit)? = null,
) {
    val touched = if (onClick == null) Modifier.semantics(mergeDescendants = trailing == null) {} else Modifier.clickable(onClick = onClick, role = Role.Button)
    Row(modifier.fillMaxWidth().then(touched).heightIn(min = 56.dp).padding(vertical = 8.dp), verticalAlignment = Alignment.CenterVertically) {
        icon?.let { Icon(it, null, Modifier.padding(end = 16.dp).size(20.dp), tint = MaterialTheme.colorScheme.onSurfaceVariant) }
        learner?.let { LearnerDisc(it, 40.dp, Modifier.padding(end = 16.dp)) }
        Texts(title, detail, Modifier.weight(1f))
        if (end.isNotEmpty()) Text(end, Modifier.padding(start = 8.dp), style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
        trailing?.invoke()
        if (onClick != null && trailing == null) Icon(Icons.Onward, null, Modifier.padding(start = 8.dp).size(20.dp))
    }
}

/** A line that is on or off; all of it can be touched. */
@Composable
internal fun SwitchRow(title: String, isOn: Boolean, onChange: (Boolean) -> Unit, detail: String = "", icon: ImageVector? = null) {
    Row(
        Modifier.fillMaxWidth().toggleable(isOn, role = Role.Switch, onValueChange = onChange).heightIn(min = 56.dp).padding(vertical = 4.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        icon?.let { Icon(it, null, Modifier.padding(end = 16.dp).size(20.dp)) }
        Texts(title, detail, Modifier.weight(1f))
        Switch(isOn, null, Modifier.padding(start = 12.dp))
    }
}

/** One of several; all of the line can be touched. Stands in a `selectableGroup`. [face]: letters of its own for its name. */
@Composable
internal fun RadioRow(title: String, isChosen: Boolean, onChoose: () -> Unit, detail: String = "", learner: Learner? = null, face: FontFamily? = null) {
    Row(
        Modifier.fillMaxWidth().selectable(isChosen, role = Role.RadioButton, onClick = onChoose).heightIn(min = 56.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        RadioButton(isChosen, null, Modifier.padding(end = 12.dp))
        learner?.let { LearnerDisc(it, 28.dp, Modifier.padding(end = 12.dp)) }
        Texts(title, detail, Modifier.weight(1f), face)
    }
}

/** A line with a box to tick; all of it can be touched. */
@Composable
internal fun TickRow(title: String, isTicked: Boolean, onChange: (Boolean) -> Unit, detail: String = "", learner: Learner? = null) =
    TickRow(AnnotatedString(title), isTicked, onChange, detail, learner)

@Composable
internal fun TickRow(title: AnnotatedString, isTicked: Boolean, onChange: (Boolean) -> Unit, detail: String = "", learner: Learner? = null) {
    Row(
        Modifier.fillMaxWidth().toggleable(isTicked, role = Role.Checkbox, onValueChange = onChange).heightIn(min = 56.dp),
        verticalAlignment = Alignment.CenterVertically,
    ) {
        Checkbox(isTicked, null, Modifier.padding(end = 12.dp))
        learner?.let { LearnerDisc(it, 28.dp, Modifier.padding(end = 12.dp)) }
        Texts(title, detail, Modifier.weight(1f))
    }
}

/** Lists are lines on paper. */
@Composable
internal fun Line() = HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)

@Composable
private fun Texts(title: String, detail: String, modifier: Modifier, face: FontFamily? = null) = Texts(AnnotatedString(title), detail, modifier, face)

@Composable
private fun Texts(title: AnnotatedString, detail: String, modifier: Modifier, face: FontFamily? = null) {
    Column(modifier) {
        Text(title, style = MaterialTheme.typography.bodyLarge, fontFamily = face)
        if (detail.isNotEmpty()) Text(detail, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
    }
}
