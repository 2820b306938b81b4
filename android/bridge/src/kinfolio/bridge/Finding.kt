package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.FindClient

/** A piece of a text; [isFound]: it is what was looked for. */
data class Piece(val text: String, val isFound: Boolean)

/** What was found beside entries. */
enum class ThingKind { Reading, Trip, Goal, Plan, Letter, Provider, Qualification }

/** An entry in which the words stand. */
data class Hit(val entry: String, val title: String, val day: LocalDate, val pieces: List<Piece>)

/** A book, a letter or another small thing in which they stand. */
data class FoundThing(val kind: ThingKind, val id: String, val title: String, val day: LocalDate?, val pieces: List<Piece>)

/** What a question found, newest first. [next]: where more entries begin; [moreThings]: there are more things than these. */
data class Found(val entries: List<Hit>, val things: List<FoundThing>, val next: Long? = null, val moreThings: Boolean = false) {
    val isNothing: Boolean get() = entries.isEmpty() && things.isEmpty()
    val isAll: Boolean get() = next == null && !moreThings

    /** With the entries of the page after it. */
    operator fun plus(later: Found) = copy(entries = entries + later.entries, next = later.next)
}

/** So many are shown at first. */
private const val PAGE = 100

/** Looks for words in everything at once. */
class Finding internal constructor(private val client: FindClient) {
    /**
     * What holds every word, the last one as a beginning; accents and case don't matter. At most [limit] entries and as many
     * things; [after] a page's next, the entries behind it.
     */
    suspend fun search(text: String, after: Long? = null, limit: Int = PAGE): Outcome<Found> = ask {
        val found = client.search(text, query(Wanted()).copy(before = after, limit = limit.toUInt()))
        Found(found.entries.map(::hit), found.things.map(::thing), found.next, found.moreThings)
    }
}

private fun hit(of: uniffi.kinfolio.Hit) = Hit(of.entry, of.title, LocalDate.parse(of.learnedOn), of.pieces.map(::piece))

private fun thing(of: uniffi.kinfolio.Thing) = FoundThing(
    ThingKind.entries[of.kind.ordinal], of.id, of.title, of.day.takeIf { it.isNotEmpty() }?.let(LocalDate::parse), of.pieces.map(::piece),
)

private fun piece(of: uniffi.kinfolio.Piece) = Piece(of.text, of.found)
