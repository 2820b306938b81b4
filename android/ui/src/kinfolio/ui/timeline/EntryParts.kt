package kinfolio.ui.timeline

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.bridge.Stored
import kinfolio.ui.LocalWords
import kinfolio.ui.look.Icons
import kinfolio.ui.look.LearnerColour
import kinfolio.ui.look.LocalLook
import kinfolio.ui.parts.Photo
import kinfolio.ui.parts.isTextLarge

/** So many photos of an entry are shown; the others are counted. */
private const val SHOWN = 2

/** What one learner's pages alone say, beside a rule in their colour. */
@Composable
internal fun PrivateLine(learner: Learner, line: String) {
    val lines = if (isTextLarge()) 3 else 1
    Row(Modifier.padding(top = 8.dp).height(IntrinsicSize.Min)) {
        Box(Modifier.width(3.dp).fillMaxHeight().background(LearnerColour.of(learner.colour).on(LocalLook.current)))
        Text("${learner.emoji} $line", Modifier.padding(start = 12.dp), style = MaterialTheme.typography.bodyLarge, maxLines = lines, overflow = TextOverflow.Ellipsis)
    }
}

/** The first photos, and how many more there are. The row's own sentence reads them. */
@Composable
internal fun EntryPhotos(row: Row) {
    if (row.photos.isEmpty()) return
    Row(Modifier.padding(top = 8.dp), Arrangement.spacedBy(6.dp), Alignment.CenterVertically) {
        for (photo in row.photos.take(SHOWN)) Photo(photo.id, photo.description, 112.dp)
        val more = row.photos.size - SHOWN
        // The mark keeps the sign before the number where it is read from the right.
        if (more > 0) Text("\u200E+$more", Modifier.padding(start = 4.dp), style = MaterialTheme.typography.labelLarge)
    }
}

/** Subjects and time, each on a ground of its own, and the mark of where the entry is at the end. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun EntryFoot(tags: List<String>, stored: Stored) {
    val colours = MaterialTheme.colorScheme
    Row(Modifier.fillMaxWidth().padding(top = 8.dp, bottom = 12.dp), verticalAlignment = Alignment.CenterVertically) {
        FlowRow(Modifier.weight(1f), Arrangement.spacedBy(8.dp), Arrangement.spacedBy(4.dp)) {
            for (tag in tags) {
                Text(
                    tag, Modifier.clip(MaterialTheme.shapes.small).background(colours.surfaceVariant).padding(8.dp, 2.dp),
                    style = MaterialTheme.typography.bodyMedium, color = colours.onBackground,
                )
            }
        }
        val (picture, isStored) = mark(stored)
        if (stored == Stored.Waiting && !isTextLarge()) {
            Text(LocalWords.current["waiting"], Modifier.padding(horizontal = 8.dp), style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
        }
        Icon(picture, null, Modifier.size(16.dp), tint = if (isStored) colours.primary else colours.onSurfaceVariant)
    }
}

private fun mark(stored: Stored) = when (stored) {
    Stored.OnThisPhone -> Icons.OnPhone to false
    Stored.Waiting -> Icons.Waiting to false
    Stored.OnServer -> Icons.Stored to true
}
