package kinfolio.bridge

import uniffi.kinfolio.Act
import uniffi.kinfolio.ChangeKind
import uniffi.kinfolio.FamilyLogClient
import uniffi.kinfolio.KeysClient
import uniffi.kinfolio.LogCursor
import uniffi.kinfolio.LogQuery

/** What was done. */
enum class Deed { Added, Changed, Trashed, Restored, Purged, Exported, Merged }

/** What it was done to. */
enum class Thing { Entry, Photo, Learner, Subject, Report, Reading, Goal, Letter, Setting, Private, Other }

/** One line of the log. [entry]: the one entry it is about. */
data class Happening(val atMs: Long, val deed: Deed, val thing: Thing, val count: Int, val device: String, val entry: String?, internal val place: LogCursor)

/** Who did what, when, on which phone. */
class FamilyLog internal constructor(private val client: FamilyLogClient, private val keys: KeysClient) {
    /** A page of it, newest first, below [after]. */
    suspend fun page(after: Happening?, limit: Int): Outcome<List<Happening>> = ask {
        val names = keys.devices().associate { it.number to it.name }
        client.page(LogQuery(before = after?.place, limit = limit.toUInt())).map {
            val thing = thing(it.kind)
            val one = it.things.singleOrNull().takeIf { _ -> thing == Thing.Entry && it.act != Act.PURGED }
            Happening(it.at, DEEDS.getValue(it.act), thing, it.things.size, names[it.deviceNo].orEmpty(), one, it.place)
        }
    }
}

private val DEEDS = mapOf(
    Act.ADDED to Deed.Added, Act.CHANGED to Deed.Changed, Act.TRASHED to Deed.Trashed, Act.RESTORED to Deed.Restored, Act.PURGED to Deed.Purged,
    Act.EXPORTED to Deed.Exported, Act.MERGED to Deed.Merged,
)

private fun thing(of: ChangeKind?): Thing = when (of) {
    null, ChangeKind.NEEDS_NOTE, ChangeKind.ASSESSMENT -> Thing.Private
    ChangeKind.ENTRY -> Thing.Entry
    ChangeKind.ATTACHMENT -> Thing.Photo
    ChangeKind.LEARNER -> Thing.Learner
    ChangeKind.SUBJECT -> Thing.Subject
    ChangeKind.REPORT -> Thing.Report
    ChangeKind.READING -> Thing.Reading
    ChangeKind.GOAL -> Thing.Goal
    ChangeKind.LETTER -> Thing.Letter
    ChangeKind.SETTING -> Thing.Setting
    else -> Thing.Other
}
