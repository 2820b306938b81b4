package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.ChangeKind
import uniffi.kinfolio.EntriesClient
import uniffi.kinfolio.TrashClient
import uniffi.kinfolio.VersionsClient

/** How long things stay in the trash. */
enum class KeepFor { Days30, Days90, Ever }

/** A thing in the trash. [entry] is there for entries only. */
data class ThrownAway(val id: String, val kind: String, val entry: Entry?, val atMs: Long, val goesAtMs: Long?)

/** What was thrown away. */
class Trash internal constructor(private val client: TrashClient, private val entries: EntriesClient) {
    /** What was thrown away last comes first. */
    suspend fun list(): Outcome<List<ThrownAway>> = ask {
        val known = entries.trashed().associateBy { it.id }
        client.list().map { thing ->
            val of = known[thing.id].takeIf { thing.kind == ChangeKind.ENTRY }
            ThrownAway(thing.id, thing.kind.name.lowercase(), of?.let(::entry), thing.trashedAt, thing.goesAt)
        }
    }

    suspend fun bringBack(id: String): Outcome<Unit> = ask { client.restore(id) }

    /** Destroys these on all phones and for good. [confirmed] is the number that a person has confirmed. */
    suspend fun destroy(ids: List<String>, confirmed: Int): Outcome<Unit> = ask { client.purge(ids, confirmed.toULong()) }

    suspend fun keepFor(): Outcome<KeepFor> = ask { KeepFor.entries[client.keepFor().ordinal] }

    suspend fun keepFor(how: KeepFor): Outcome<Unit> = ask { client.setKeepFor(uniffi.kinfolio.KeepFor.entries[how.ordinal]) }
}

/** What an entry was before. */
data class Version(
    val record: String,
    val place: Long,
    val writtenAtMs: Long,
    val title: String,
    val note: String,
    val day: LocalDate,
    val lines: List<Line>,
)

/** What entries were in the last 30 days. */
class Versions internal constructor(private val client: VersionsClient) {
    /** The newest first. */
    suspend fun of(entry: String): Outcome<List<Version>> = ask {
        client.list(entry).map { of ->
            val lines = of.learners.map { Line(it.learner, it.line) }
            Version(of.record, of.place.toLong(), of.writtenAt, of.title, of.note, LocalDate.parse(of.learnedOn), lines)
        }
    }

    /** Makes the entry read as it did then. */
    suspend fun bringBack(entry: String, version: Version): Outcome<Unit> = ask { client.restore(entry, version.record, version.place.toULong()) }
}
