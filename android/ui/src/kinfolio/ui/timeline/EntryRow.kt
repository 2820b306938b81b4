package kinfolio.ui.timeline

import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.IntrinsicSize
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.bridge.Stored
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.look.Icons
import kinfolio.ui.look.LearnerColour
import kinfolio.ui.look.LocalLook
import kinfolio.ui.parts.LearnerDisc

/** One entry: read aloud as one thing, in the order date, title, learners, text, private lines, state. */
@Composable
internal fun EntryRow(row: Row, learners: List<Learner>, isFirstOfDay: Boolean, onOpen: () -> Unit = {}) {
    val words = LocalWords.current
    val (entry, colours) = row.entry to MaterialTheme.colorScheme
    val theirs = learners.mapNotNull { learner -> entry.lines.find { it.learner == learner.id }?.let { learner to it.text } }
    Row(
        Modifier.fillMaxWidth().clickable(onClick = onOpen).padding(horizontal = 16.dp).clearAndSetSemantics {
            contentDescription = readAloud(row, theirs, words)
            role = Role.Button
            onClick(words["open_entry"]) {
                onOpen()
                true
            }
        },
    ) {
        Column(Modifier.width(52.dp).padding(top = 16.dp)) {
            if (isFirstOfDay) {
                Text(entry.day.dayOfMonth.toString(), style = MaterialTheme.typography.titleLarge)
                Text(words.weekday(entry.day), style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
            }
        }
        Column(Modifier.weight(1f)) {
            HorizontalDivider(color = if (isFirstOfDay) colours.background else colours.outlineVariant)
            Row(Modifier.padding(top = 16.dp)) {
                Text(entry.title, Modifier.weight(1f), style = MaterialTheme.typography.titleMedium)
                Row(horizontalArrangement = Arrangement.spacedBy((-6).dp)) { theirs.forEach { (learner, _) -> LearnerDisc(learner, 24.dp) } }
            }
            if (entry.note.isNotEmpty()) {
                Text(entry.note, Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyLarge, maxLines = 2, overflow = TextOverflow.Ellipsis)
            }
            theirs.filter { (_, line) -> line.isNotEmpty() }.forEach { (learner, line) -> PrivateLine(learner, line) }
            Box(Modifier.align(Alignment.End).padding(vertical = 8.dp)) {
                val (picture, tint) = mark(row.stored)
                Icon(picture, null, Modifier.size(16.dp), tint = if (tint) colours.primary else colours.onSurfaceVariant)
            }
        }
    }
}

@Composable
private fun PrivateLine(learner: Learner, line: String) {
    Row(Modifier.padding(top = 8.dp).height(IntrinsicSize.Min), verticalAlignment = Alignment.CenterVertically) {
        Box(Modifier.width(3.dp).fillMaxHeight().background(LearnerColour.of(learner.colour).on(LocalLook.current)))
        Text("${learner.emoji} $line", Modifier.padding(start = 12.dp), style = MaterialTheme.typography.bodyLarge, maxLines = 1, overflow = TextOverflow.Ellipsis)
    }
}

private fun mark(stored: Stored) = when (stored) {
    Stored.OnThisPhone -> Icons.OnPhone to false
    Stored.Waiting -> Icons.Waiting to false
    Stored.OnServer -> Icons.Stored to true
}

private fun readAloud(row: Row, theirs: List<Pair<Learner, String>>, words: Words): String {
    val state = when (row.stored) {
        Stored.OnThisPhone -> words["only_here"]
        Stored.Waiting -> words["waiting"]
        Stored.OnServer -> words["stored"]
    }
    val names = theirs.joinToString { (learner, _) -> learner.nickname }
    val lines = theirs.filter { (_, line) -> line.isNotEmpty() }.map { (learner, line) -> "${learner.nickname}: $line" }
    return (listOf(words.day(row.entry.day), row.entry.title, names, row.entry.note) + lines + state).filter { it.isNotEmpty() }.joinToString(". ")
}
