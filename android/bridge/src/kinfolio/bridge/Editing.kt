package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.Annotation
import uniffi.kinfolio.CaptureClient
import uniffi.kinfolio.EntriesClient
import uniffi.kinfolio.EntryEdit
import uniffi.kinfolio.LearnerLine
import uniffi.kinfolio.SubjectsClient
import uniffi.kinfolio.Taught

/** Who taught. */
enum class TaughtBy { Parent, Provider, Other, Alone }

/** Where it happened. */
enum class Whereabouts { Home, Away }

/** What is written beside a sample of a learner's work. */
data class Sample(val isOne: Boolean = false, val went: String = "", val shows: String = "", val next: String = "")

/** All of an entry that can be written. */
data class Written(
    val title: String,
    val note: String,
    val day: LocalDate,
    val minutes: Int?,
    val onRecord: Boolean,
    val starred: Boolean,
    val lines: List<Line>,
    val subjects: List<String>,
    val tags: List<String>,
    val sample: Sample,
    val by: TaughtBy?,
    val place: Whereabouts?,
)

/** An entry that is being written, and how it was when the editor took it up: what comes in from another phone meanwhile stays. */
class OpenEntry internal constructor(internal val base: uniffi.kinfolio.Entry) {
    val id: String get() = base.id
    val isInTrash: Boolean get() = base.trashedAt != null

    /** When it was first written down. It never changes. */
    val recordedAtMs: Long get() = base.recordedAt
    val written: Written = written(base)
}

/** A subject that an entry may have. A hidden one is not offered; what has it keeps it. */
data class SubjectChoice(val id: String, val name: String, val isHidden: Boolean)

/** Writing one entry. */
class Editing internal constructor(
    private val entries: EntriesClient,
    private val subjects: SubjectsClient,
    private val capture: CaptureClient,
) {
    suspend fun open(id: String): Outcome<OpenEntry> = ask { OpenEntry(entries.get(id)) }

    /** Writes [now] over what [open] was. What comes back stands in the record; [OpenEntry.written] may hold more than was typed here. */
    suspend fun save(open: OpenEntry, now: Written): Outcome<OpenEntry> = ask {
        OpenEntry(entries.update(open.id, edit(open.base, now)))
    }

    /** The same entry as one in whose editor [now] stands: for going on typing while [saved] was on its way. */
    fun goOn(saved: OpenEntry, now: Written): OpenEntry = OpenEntry(
        saved.base.copy(
            title = now.title, note = now.note, learnedOn = now.day.toString(), minutes = now.minutes?.toLong(), onRecord = now.onRecord,
            starred = now.starred, learners = now.lines.map { LearnerLine(it.learner, it.text) }, subjects = now.subjects, tags = now.tags,
            annotation = annotation(now.sample), taught = taught(saved.base, now),
        ),
    )

    /** All subjects in the family's order. */
    suspend fun subjects(): Outcome<List<SubjectChoice>> = ask { subjects.list().map { SubjectChoice(it.id, it.name, it.hidden) } }

    /** Drafts, what was written last first. */
    suspend fun drafts(): Outcome<List<Entry>> = ask { entries.drafts().map(::entry) }

    /** A draft like this entry, of another day. */
    suspend fun duplicate(id: String, day: LocalDate): Outcome<String> = ask { capture.duplicate(id, day.toString()).id }

    /** Takes an entry out of the trash. */
    suspend fun bringBack(id: String): Outcome<Unit> = ask { entries.restore(id) }
}

private fun written(of: uniffi.kinfolio.Entry) = Written(
    of.title, of.note, LocalDate.parse(of.learnedOn), of.minutes?.toInt(), of.onRecord, of.starred,
    of.learners.map { Line(it.learner, it.line) }, of.subjects, of.tags,
    Sample(of.annotation.sample, of.annotation.went, of.annotation.shows, of.annotation.next),
    of.taught.by?.let { TaughtBy.entries[it.ordinal] }, of.taught.place?.let { Whereabouts.entries[it.ordinal] },
)

private fun edit(base: uniffi.kinfolio.Entry, now: Written) = EntryEdit(
    base, now.title, now.note, now.day.toString(), now.minutes?.toLong() ?: 0, now.onRecord, now.starred,
    now.lines.map { LearnerLine(it.learner, it.text) }, now.subjects, now.tags, annotation(now.sample), taught(base, now),
)

private fun annotation(of: Sample) = Annotation(of.isOne, of.went, of.shows, of.next)

/** A named provider goes when somebody else is said to have taught. */
private fun taught(base: uniffi.kinfolio.Entry, now: Written) = Taught(
    now.by?.let { uniffi.kinfolio.TaughtBy.entries[it.ordinal] },
    base.taught.provider.takeIf { now.by == TaughtBy.Provider },
    now.place?.let { uniffi.kinfolio.Place.entries[it.ordinal] },
)
