package kinfolio.ui.parts

import androidx.compose.foundation.LocalIndication
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.clickable
import androidx.compose.foundation.indication
import androidx.compose.foundation.interaction.MutableInteractionSource
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.ui.LocalWords
import kinfolio.ui.look.Icons
import kinfolio.ui.look.LearnerColour
import kinfolio.ui.look.LocalLook
import kinfolio.ui.look.Look

/** A learner's picture in a ring of their colour. It says nothing by itself: the nickname stands beside it, or its row's label has it. */
@Composable
internal fun LearnerDisc(learner: Learner, size: Dp, modifier: Modifier = Modifier) {
    val look = LocalLook.current
    val colour = LearnerColour.of(learner.colour).on(look)
    val tint = colour.copy(alpha = if (look == Look.Dark) 0.28f else 0.14f)
    Box(
        modifier.size(size).clip(CircleShape).background(tint).border(2.dp, colour, CircleShape).clearAndSetSemantics {},
        contentAlignment = Alignment.Center,
    ) {
        // As large as its ring, whatever the size of texts.
        Text(learner.emoji, style = TextStyle(fontSize = with(LocalDensity.current) { (size * 0.5f).toSp() }))
    }
}

/** A choice among a few: a learner, or all of them. It looks 40 high and can be touched on 48. */
@Composable
internal fun Chip(text: String, isChosen: Boolean, onClick: () -> Unit, learner: Learner? = null) {
    val words = LocalWords.current
    val colours = MaterialTheme.colorScheme
    val said = if (isChosen) words["selected", text] else text
    val touched = remember { MutableInteractionSource() }
    Box(
        // A touch is shown within the shape, not on all that can be touched.
        Modifier.heightIn(min = 48.dp).clickable(touched, indication = null, onClick = onClick).clearAndSetSemantics {
            contentDescription = said
            role = Role.Checkbox
            selected = isChosen
            onClick { onClick(); true }
        },
        contentAlignment = Alignment.Center,
    ) {
        Row(
            Modifier.heightIn(min = 40.dp).clip(CircleShape)
                .background(if (isChosen) colours.primaryContainer else colours.surfaceContainer)
                .border(1.dp, if (isChosen) colours.primary else colours.outline, CircleShape)
                .indication(touched, LocalIndication.current)
                .padding(start = if (learner == null) 16.dp else 6.dp, end = 16.dp, top = 4.dp, bottom = 4.dp),
            verticalAlignment = Alignment.CenterVertically,
        ) {
            learner?.let {
                LearnerDisc(it, 28.dp)
                Spacer(Modifier.width(8.dp))
            }
            val style = if (isChosen) MaterialTheme.typography.labelLarge else MaterialTheme.typography.bodyLarge
            Text(text, style = style, color = if (isChosen) colours.onPrimaryContainer else colours.onSurface)
            if (isChosen && learner != null) {
                Spacer(Modifier.width(8.dp))
                Icon(Icons.Chosen, null, Modifier.size(16.dp), tint = colours.onPrimaryContainer)
            }
        }
    }
}
