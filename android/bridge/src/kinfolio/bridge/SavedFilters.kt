package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.FiltersClient
import uniffi.kinfolio.Look
import uniffi.kinfolio.SavedFilter

/** A way of narrowing the timeline that was given a name. */
data class NamedFilter(val id: String, val name: String, val wanted: Wanted)

/** The filters that the family keeps. */
class SavedFilters internal constructor(private val client: FiltersClient) {
    /** By their names. */
    suspend fun list(): Outcome<List<NamedFilter>> = ask { client.list(Look()).map { named(it.id, it.item) }.sortedBy { it.name.lowercase() } }

    /** Keeps one. The name has 1 to 80 characters. */
    suspend fun add(name: String, wanted: Wanted): Outcome<NamedFilter> = ask {
        val kept = client.add(
            SavedFilter(
                name.trim(), learner = wanted.learner, subject = wanted.subject, firstDay = wanted.from?.toString(), lastDay = wanted.to?.toString(),
                starredOnly = wanted.starredOnly, samplesOnly = wanted.samplesOnly, withPhoto = wanted.withPhoto,
            ),
        )
        named(kept.id, kept.item)
    }

    /** Gives one another name. */
    suspend fun rename(id: String, name: String): Outcome<Unit> = ask {
        val base = client.get(id).item
        client.save(id, base, base.copy(name = name.trim()))
    }

    suspend fun remove(id: String): Outcome<Unit> = ask { client.trash(id) }

    suspend fun bringBack(id: String): Outcome<Unit> = ask { client.restore(id) }
}

private fun named(id: String, of: SavedFilter) = NamedFilter(
    id, of.name,
    Wanted(
        of.learner, of.subject, of.firstDay?.let(LocalDate::parse), of.lastDay?.let(LocalDate::parse), of.withPhoto, of.samplesOnly, of.starredOnly,
    ),
)
