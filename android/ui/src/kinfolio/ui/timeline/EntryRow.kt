package kinfolio.ui.timeline

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.CustomAccessibilityAction
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.customActions
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.ui.LocalWords
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.LearnerDisc
import kinfolio.ui.parts.isTextLarge

/** What can be done with a row. */
internal class RowActions(val onOpen: (String) -> Unit, val onStar: (String, Boolean) -> Unit, val onTrash: (String) -> Unit)

/** One entry: read aloud as one thing, with what can be done as actions of it. */
@Composable
internal fun EntryRow(row: Row, state: TimelineState, isFirstOfDay: Boolean, isOpen: Boolean, actions: RowActions) {
    val words = LocalWords.current
    val (entry, colours) = row.entry to MaterialTheme.colorScheme
    val theirs = state.learners.mapNotNull { learner -> entry.lines.find { it.learner == learner.id }?.let { learner to it.text } }
    val subjects = state.subjects.filter { it.id in entry.subjects }.map { it.name }
    val tags = subjects + entry.tags + listOfNotNull(entry.minutes?.let { words.count("minutes_long", it.toLong()) })
    val offered = listOf(
        CustomAccessibilityAction(words["edit_entry"]) { actions.onOpen(entry.id); true },
        CustomAccessibilityAction(words[if (entry.starred) "unstar_entry" else "star_entry"]) { actions.onStar(entry.id, !entry.starred); true },
        CustomAccessibilityAction(words["move_to_trash"]) { actions.onTrash(entry.id); true },
    )
    val touched = Modifier.fillMaxWidth().background(if (isOpen) colours.primaryContainer else colours.background)
        .clickable { actions.onOpen(entry.id) }.padding(horizontal = 16.dp).clearAndSetSemantics {
            contentDescription = readAloud(row, theirs, tags, words)
            role = Role.Button
            selected = isOpen
            customActions = offered
            onClick(words["open_entry"]) { actions.onOpen(entry.id); true }
        }
    if (isTextLarge()) {
        Column(touched) {
            if (isFirstOfDay) Text(words.dayOfMonth(entry.day), Modifier.padding(top = 16.dp), style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
            else HorizontalDivider(color = colours.outlineVariant)
            Title(row, Modifier.padding(top = 8.dp))
            Discs(theirs.map { it.first }, 32)
            Inside(row, theirs, tags)
        }
    } else {
        Row(touched) {
            Column(Modifier.width(52.dp).padding(top = 16.dp)) {
                if (isFirstOfDay) {
                    Text(entry.day.dayOfMonth.toString(), style = MaterialTheme.typography.titleLarge)
                    Text(words.weekday(entry.day), style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
                }
            }
            Column(Modifier.weight(1f)) {
                HorizontalDivider(color = if (isFirstOfDay) colours.background.copy(alpha = 0f) else colours.outlineVariant)
                Row(Modifier.padding(top = 16.dp)) {
                    Title(row, Modifier.weight(1f))
                    Discs(theirs.map { it.first }, 24)
                }
                Inside(row, theirs, tags)
            }
        }
    }
}

@Composable
private fun Title(row: Row, modifier: Modifier) {
    Row(modifier) {
        if (row.entry.starred) Icon(Icons.Starred, null, Modifier.padding(end = 8.dp, top = 2.dp).size(16.dp), tint = MaterialTheme.colorScheme.primary)
        Text(row.entry.title.ifEmpty { LocalWords.current["draft_without_words"] }, style = MaterialTheme.typography.titleMedium)
    }
}

@Composable
private fun Discs(learners: List<Learner>, size: Int) =
    Row(horizontalArrangement = Arrangement.spacedBy((-6).dp)) { for (learner in learners) LearnerDisc(learner, size.dp) }

@Composable
private fun Inside(row: Row, theirs: List<Pair<Learner, String>>, tags: List<String>) {
    if (row.entry.note.isNotEmpty()) {
        val lines = if (isTextLarge()) 4 else 2
        Text(row.entry.note, Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyLarge, maxLines = lines, overflow = TextOverflow.Ellipsis)
    }
    theirs.filter { (_, line) -> line.isNotEmpty() }.forEach { (learner, line) -> PrivateLine(learner, line) }
    EntryPhotos(row)
    EntryFoot(tags, row.stored)
}
