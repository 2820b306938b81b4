package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.CatchUpClient
import uniffi.kinfolio.CatchUpSettings
import uniffi.kinfolio.GroupAssignment
import uniffi.kinfolio.PhotoPlace
import uniffi.kinfolio.PhotoSource
import uniffi.kinfolio.PhotoState

/** Photos of one day that become one entry. [day] null: a day has to be chosen first. [entry]: the one that it became. */
data class PhotosOfDay(
    val number: UInt, val day: LocalDate?, val photos: Int, val title: String, val learners: List<String>, val subjects: List<String>,
    val isTicked: Boolean, val entry: String?, val why: String?,
)

/** How far the whole is. */
data class CaughtUp(
    val given: Int, val lookedAt: Int, val duplicates: Int, val taken: Int, val waiting: Int, val withoutDay: Int, val entries: Int, val unreadable: List<NotIn>,
)

/** What many groups are to say. Null stays as it is. */
data class SaidOfDays(
    val day: LocalDate? = null, val title: String? = null, val learners: List<String>? = null, val subjects: List<String>? = null, val isTicked: Boolean? = null,
)

/** Hundreds of photos become entries, a group of a day at a time. One lot is under way at a time, also over a restart. */
class CatchUp internal constructor(private val client: CatchUpClient) {
    /** How far everything is; none when nothing is under way. */
    suspend fun overview(): Outcome<CaughtUp?> = ask { client.overview()?.let(::caughtUp) }

    /** Begins with these files, or adds them to those under way. */
    suspend fun give(paths: List<Pair<String, String>>): Outcome<CaughtUp> = ask {
        val sources = paths.map { (path, name) -> PhotoSource(PhotoPlace.Path(path), name) }
        caughtUp(if (client.overview() == null) client.begin(sources, CatchUpSettings(onRecord = true)) else client.add(sources))
    }

    /** Looks at those that were not looked at. Stopped, the next time goes on there. */
    suspend fun look(onFar: (HowFar) -> Unit): Outcome<CaughtUp> = storeWork(onFar) { cancel, heard -> caughtUp(client.scan(null, cancel, heard)) }

    /** The groups, the oldest first, one without a day last. */
    suspend fun groups(): Outcome<List<PhotosOfDay>> = ask { client.groups().map(::group) }

    /** Says the same of many. */
    suspend fun say(groups: List<UInt>, what: SaidOfDays): Outcome<List<PhotosOfDay>> = ask {
        val said = GroupAssignment(what.day?.toString(), what.title, null, what.learners, what.subjects, null, null, what.isTicked)
        client.assign(groups, said).map(::group)
    }

    /** Makes one group of several. */
    suspend fun merge(groups: List<UInt>): Outcome<List<PhotosOfDay>> = ask { client.merge(groups).map(::group) }

    /** Makes entries of the ticked groups. Stopped, an entry is there with all its photos, or not yet. */
    suspend fun make(onFar: (HowFar) -> Unit): Outcome<CaughtUp> = storeWork(onFar) { cancel, heard -> caughtUp(client.run(null, cancel, heard)) }

    /** Forgets photos and groups; the entries that were made stay. */
    suspend fun end(): Outcome<Unit> = ask { client.end() }
}

private fun group(of: uniffi.kinfolio.PhotoGroup) = PhotosOfDay(
    of.number, of.day?.let(LocalDate::parse), of.wanted.toInt(), of.title, of.learners, of.subjects, of.ticked, of.entry, of.why,
)

private fun caughtUp(of: uniffi.kinfolio.CatchUpOverview) = CaughtUp(
    of.given.toInt(), of.lookedAt.toInt(), of.duplicates.toInt(), of.taken.toInt(), of.waiting.toInt(), of.withoutDay.toInt(), of.entries.size,
    of.unreadable.map { NotIn(it.name, (it.state as? PhotoState.Unreadable)?.v1.orEmpty()) },
)
