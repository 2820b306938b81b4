package kinfolio.ui.timeline

import kinfolio.bridge.Learner
import kinfolio.bridge.Stored
import kinfolio.ui.Words

/** An entry as one sentence after the other: date, title, learners, text, private lines, photos, subjects, time, state. */
internal fun readAloud(row: Row, theirs: List<Pair<Learner, String>>, tags: List<String>, words: Words): String {
    val state = when (row.stored) {
        Stored.OnThisPhone -> words["only_here"]
        Stored.Waiting -> words["waiting"]
        Stored.OnServer -> words["stored"]
    }
    val entry = row.entry
    val title = entry.title.ifEmpty { words["draft_without_words"] }
    val names = theirs.joinToString { (learner, _) -> learner.nickname }
    val lines = theirs.filter { (_, line) -> line.isNotEmpty() }.map { (learner, line) -> "${learner.nickname}: $line" }
    val photos = if (row.photos.isEmpty()) emptyList() else listOf(words.count("photos_count", row.photos.size.toLong())) + row.photos.map { it.description.ifEmpty { it.caption } }
    val starred = if (entry.starred) words["is_starred"] else ""
    return (listOf(words.day(entry.day), title, starred, names, entry.note) + lines + photos + tags + state).filter { it.isNotEmpty() }.joinToString(". ")
}
