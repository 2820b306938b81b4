package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.EntriesClient
import uniffi.kinfolio.EntryDraft
import uniffi.kinfolio.EntryEdit
import uniffi.kinfolio.LearnerLine
import uniffi.kinfolio.TimelineQuery

/** What one learner's pages alone say of an entry. Empty: the entry is theirs, and nothing more. */
data class Line(val learner: String, val text: String)

/** An entry. One that is not on the record yet is a draft. */
data class Entry(
    val id: String,
    val title: String,
    val note: String,
    val day: LocalDate,
    val minutes: Int?,
    val onRecord: Boolean,
    val starred: Boolean,
    val lines: List<Line>,
    val subjects: List<String>,
    val tags: List<String>,
    /** Photos and files, in their order. */
    val photos: List<String>,
)

/** A stretch of the timeline, newest first, and where the next begins. */
data class Stretch(val entries: List<Entry>, val next: Long?)

/** What the timeline is narrowed to. */
data class Wanted(
    val learner: String? = null,
    val subject: String? = null,
    val from: LocalDate? = null,
    val to: LocalDate? = null,
    val withPhoto: Boolean = false,
    val samplesOnly: Boolean = false,
    val starredOnly: Boolean = false,
) {
    /** In how many ways it is narrowed beside the learner. */
    val narrowed: Int get() = listOf(subject != null, from != null || to != null, withPhoto, samplesOnly, starredOnly).count { it }
}

/** The family's entries. */
class Entries internal constructor(private val client: EntriesClient) {
    /** At most [limit] entries that are on the record, from [after] on. */
    suspend fun timeline(wanted: Wanted, after: Long?, limit: Int): Outcome<Stretch> = ask {
        val page = client.timeline(query(wanted).copy(before = after, limit = limit.toUInt()))
        Stretch(page.entries.map(::entry), page.next)
    }

    /** How many entries each month has, by its first day, newest first. */
    suspend fun months(wanted: Wanted): Outcome<Map<LocalDate, Long>> = ask {
        client.months(query(wanted)).associate { LocalDate.parse(it.month + "-01") to it.entries }
    }

    /** The newest draft, where somebody was stopped while typing. */
    suspend fun draft(): Outcome<Entry?> = ask { client.drafts().firstOrNull()?.let(::entry) }

    /** Makes an entry, or a draft, in one transaction. */
    suspend fun create(day: LocalDate, text: String, learners: Set<String>, onRecord: Boolean): Outcome<Entry> = ask {
        val (title, note) = split(text)
        val lines = learners.map { LearnerLine(it) }
        entry(client.create(EntryDraft(title, note, day.toString(), onRecord = onRecord, learners = lines)))
    }

    /** Writes what changed of an entry, in one transaction. */
    suspend fun write(id: String, day: LocalDate, text: String, learners: Set<String>, onRecord: Boolean): Outcome<Entry> = ask {
        val before = client.get(id)
        val (title, note) = split(text)
        val kept = before.learners.filter { it.learner in learners }
        val new = (learners - kept.mapTo(HashSet()) { it.learner }).map { LearnerLine(it) }
        val edit = EntryEdit(before, title, note, day.toString(), onRecord = onRecord, learners = kept + new)
        entry(client.update(id, edit))
    }

    /** Puts a star on an entry, or takes it off. */
    suspend fun star(id: String, on: Boolean): Outcome<Unit> = ask {
        val before = client.get(id)
        client.update(id, EntryEdit(before, starred = on))
    }

    /** Moves an entry to the trash, where it stays for 30 days. */
    suspend fun trash(id: String): Outcome<Unit> = ask { client.trash(id) }
}

/** One field is what people type into: its first line is the title. */
private fun split(text: String): Pair<String, String> {
    val typed = text.trim()
    return typed.substringBefore('\n').trim() to typed.substringAfter('\n', "").trim()
}

internal fun query(wanted: Wanted) = TimelineQuery(
    learner = wanted.learner, subject = wanted.subject, firstDay = wanted.from?.toString(), lastDay = wanted.to?.toString(),
    starredOnly = wanted.starredOnly, samplesOnly = wanted.samplesOnly, withPhoto = wanted.withPhoto,
)

internal fun entry(of: uniffi.kinfolio.Entry) = Entry(
    of.id,
    of.title,
    of.note,
    LocalDate.parse(of.learnedOn),
    of.minutes?.toInt(),
    of.onRecord,
    of.starred,
    of.learners.map { Line(it.learner, it.line) },
    of.subjects,
    of.tags,
    of.attachments,
)
