package kinfolio.ui.stage

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.foundation.rememberScrollState
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.isTextLarge

/** From this width on the places stand at the side. */
private val RAIL_FROM = 600.dp

/** The places around what is shown: below, at the side where there is room, or behind one button where the text is large. */
@Composable
internal fun Frame(content: @Composable () -> Unit) {
    val way = LocalStage.current.way
    val isLarge = isTextLarge()
    BoxWithConstraints(Modifier.fillMaxSize()) {
        when {
            maxWidth >= RAIL_FROM -> Row(Modifier.fillMaxSize()) {
                Rail(way)
                Box(Modifier.weight(1f).fillMaxHeight()) { content() }
            }
            else -> Column(Modifier.fillMaxSize()) {
                Box(Modifier.weight(1f).fillMaxWidth()) { content() }
                if (way.isAtRoot) if (isLarge) OneButton(way) else Bar(way)
            }
        }
    }
}

@Composable
private fun Bar(way: Way) {
    Column(Modifier.background(MaterialTheme.colorScheme.background)) {
        HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
        Row(Modifier.fillMaxWidth().selectableGroup().padding(vertical = 8.dp)) {
            for (place in Place.entries) PlaceButton(place, way, Modifier.weight(1f))
        }
    }
}

@Composable
private fun Rail(way: Way) {
    Column(
        Modifier.width(96.dp).fillMaxHeight().verticalScroll(rememberScrollState()).selectableGroup().padding(vertical = 16.dp),
        verticalArrangement = Arrangement.spacedBy(12.dp),
    ) {
        for (place in Place.entries) PlaceButton(place, way, Modifier.fillMaxWidth())
    }
}

@Composable
private fun PlaceButton(place: Place, way: Way, modifier: Modifier) {
    val colours = MaterialTheme.colorScheme
    val isHere = way.place == place
    Column(
        modifier.heightIn(min = 56.dp).selectable(isHere, role = Role.Tab) { way.go(place) },
        horizontalAlignment = Alignment.CenterHorizontally,
        verticalArrangement = Arrangement.Center,
    ) {
        Box(
            Modifier.clip(CircleShape).background(if (isHere) colours.primaryContainer else colours.background).padding(horizontal = 20.dp, vertical = 4.dp),
        ) {
            Icon(picture(place), null, Modifier.size(24.dp), tint = if (isHere) colours.onPrimaryContainer else colours.onSurfaceVariant)
        }
        val style = if (isHere) MaterialTheme.typography.labelMedium else MaterialTheme.typography.bodyMedium
        Text(LocalStage.current.words[name(place)], style = style, maxLines = 1, color = if (isHere) colours.onBackground else colours.onSurfaceVariant)
    }
}

@Composable
private fun OneButton(way: Way) {
    val words = LocalStage.current.words
    var isOpen by remember { mutableStateOf(false) }
    HorizontalDivider(color = MaterialTheme.colorScheme.outlineVariant)
    OtherButton(words["places"], { isOpen = true }, Modifier.padding(16.dp, 8.dp), Icons.Menu)
    if (isOpen) {
        Sheet(words["places"], { isOpen = false }) {
            for (place in Place.entries) {
                ListRow(words[name(place)], icon = picture(place)) {
                    isOpen = false
                    way.go(place)
                }
            }
        }
    }
}

private fun picture(place: Place): ImageVector = when (place) {
    Place.Timeline -> Icons.Timeline
    Place.Learners -> Icons.Learners
    Place.Documents -> Icons.Documents
    Place.Family -> Icons.Family
}

private fun name(place: Place): String = when (place) {
    Place.Timeline -> "timeline"
    Place.Learners -> "learners"
    Place.Documents -> "documents"
    Place.Family -> "family"
}
