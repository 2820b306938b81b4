package kinfolio.ui.learners

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.bridge.SubjectSum
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.TextAction

/** What was noted under each subject: as bars, the longest first, or as a table with the same numbers; in words as well. */
@Composable
internal fun BySubject(subjects: List<SubjectSum>, asTable: Boolean, onTable: (Boolean) -> Unit) {
    val words = LocalWords.current
    Head(words["by_subject"]) {
        TextAction(words[if (asTable) "show_bars" else "show_table"], { onTable(!asTable) }, icon = Icons.Table)
    }
    Help(inWords(subjects, words))
    val most = subjects.maxOfOrNull(SubjectSum::minutes) ?: 0
    if (asTable) Titles()
    for (subject in subjects) {
        val numbers = words.count("entries", subject.entries) + ", " + hours(subject.minutes, words)
        if (asTable) {
            Cells(name(subject, words), subject.entries.toString(), hours(subject.minutes, words))
            Line()
        } else {
            Column(Modifier.padding(vertical = 6.dp).clearAndSetSemantics { contentDescription = "${name(subject, words)}: $numbers" }) {
                Row {
                    Text(name(subject, words), Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
                    Text(numbers, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
                }
                Bar(if (most == 0L) 0f else subject.minutes.toFloat() / most)
            }
        }
    }
}

@Composable
private fun Bar(part: Float) {
    val colours = MaterialTheme.colorScheme
    Box(Modifier.fillMaxWidth().height(6.dp).background(colours.surfaceVariant, CircleShape)) {
        Box(Modifier.fillMaxWidth(part.coerceAtLeast(0.01f)).height(6.dp).background(colours.outline, CircleShape))
    }
}

@Composable
private fun Titles() {
    val words = LocalWords.current
    Row(Modifier.fillMaxWidth().padding(vertical = 8.dp).semantics(mergeDescendants = true) { heading() }) {
        for ((at, title) in listOf("subject", "entries_title", "time_title").withIndex()) {
            Text(words[title], Modifier.weight(if (at == 0) 2f else 1f), style = MaterialTheme.typography.labelMedium)
        }
    }
    Line()
}

@Composable
private fun Cells(name: String, entries: String, time: String) {
    Row(Modifier.fillMaxWidth().padding(vertical = 8.dp).semantics(mergeDescendants = true) {}) {
        Text(name, Modifier.weight(2f), style = MaterialTheme.typography.bodyLarge)
        Text(entries, Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
        Text(time, Modifier.weight(1f), style = MaterialTheme.typography.bodyLarge)
    }
}

private fun name(of: SubjectSum, words: Words) = of.name.ifEmpty { words["no_subject"] }

private fun inWords(subjects: List<SubjectSum>, words: Words): String {
    val timed = subjects.filter { it.minutes > 0 }
    val (most, least) = (timed.firstOrNull() ?: return words["in_words_untimed"]) to timed.last()
    val sentence = when (timed.size) {
        1 -> words["in_words_one", name(most, words), hours(most.minutes, words)]
        else -> words["in_words", name(most, words), hours(most.minutes, words), name(least, words), hours(least.minutes, words)]
    }
    return "$sentence ${words["shared_time"]}"
}
