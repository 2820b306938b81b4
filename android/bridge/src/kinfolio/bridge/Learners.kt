package kinfolio.bridge

import java.time.LocalDate
import java.time.MonthDay
import uniffi.kinfolio.LearnerEdit
import uniffi.kinfolio.LearnersClient
import uniffi.kinfolio.NewLearner
import uniffi.kinfolio.Stage
import uniffi.kinfolio.stageOn

/** By whose names year groups are called. */
enum class Scheme { Uk, Us, Au }

/** A year group: its [place] among the names of the scheme on the day [on], and the day of each year on which it goes up by itself. */
data class YearGroup(val scheme: Scheme, val place: Int, val on: LocalDate, val movesUpOn: MonthDay?)

/** Who learns: a nickname, a picture and a colour. There is no field for a real name. */
data class Learner(
    val id: String, val nickname: String, val emoji: String, val colour: String, val archived: Boolean, val yearGroup: YearGroup? = null,
)

/** What would go with a learner: entries and other things that are only theirs, and entries that stay with others. */
data class Leaving(val entries: Long, val shared: Long, val others: Long)

/** A learner who was removed not long ago, or turned out to be the same one as [sameAs], by nickname. */
data class Gone(val id: String, val nickname: String, val sameAs: String?)

/** The learners of the family. */
class Learners internal constructor(private val client: LearnersClient) {
    /** All of them, as the family has ordered them. */
    suspend fun list(): Outcome<List<Learner>> = ask { client.list().map(::learner) }

    /** Adds one. [colour] is the name of one of the app's colours. */
    suspend fun add(nickname: String, emoji: String, colour: String): Outcome<Learner> =
        ask { learner(client.add(NewLearner(nickname, colour, emoji))) }

    /** Changes what a learner is called and looks like, everywhere at once. */
    suspend fun change(id: String, nickname: String, emoji: String, colour: String): Outcome<Learner> =
        ask { learner(client.update(id, LearnerEdit(nickname, colour, emoji))) }

    /** No longer offered for new entries, or offered again. Everything about them stays. */
    suspend fun archive(id: String, archived: Boolean): Outcome<Learner> = ask { learner(client.archive(id, archived)) }

    /** What would go with a learner. */
    suspend fun leaving(id: String): Outcome<Leaving> = ask {
        val leaving = client.leaving(id)
        Leaving(leaving.entries.toLong(), leaving.sharedEntries.toLong(), (leaving.items + leaving.private).toLong())
    }

    /** Takes a learner out. For 30 days they can be brought back. */
    suspend fun remove(id: String): Outcome<Unit> = ask { client.remove(id) }

    /** Who can still be brought back. */
    suspend fun gone(): Outcome<List<Gone>> = ask {
        val nicknames = client.list().associate { it.id to it.nickname }
        client.gone().map { gone -> Gone(gone.id, gone.nickname, gone.sameAs?.let { nicknames[it].orEmpty() }) }
    }

    /** Brings one back, with everything that went. */
    suspend fun restore(id: String): Outcome<Learner> = ask { learner(client.restore(id)) }

    /** Says that two are the same one: what the first has is the other's from now on. [restore] takes it back. */
    suspend fun merge(id: String, into: String): Outcome<Unit> = ask { client.merge(id, into) }

    suspend fun order(ids: List<String>): Outcome<Unit> = ask { client.reorder(ids) }

    /** Says in which year group a learner is; null: none. */
    suspend fun put(id: String, group: YearGroup?): Outcome<Learner> = ask { learner(client.setStage(id, group?.let(::stage))) }

    /** What a learner's year group is called on a day; null where none is shown. */
    suspend fun groupOf(id: String, day: LocalDate): Outcome<String?> = ask { client.yearGroup(id, day.toString()) }

    /** The names of a scheme, the youngest first. */
    suspend fun groups(scheme: Scheme, day: LocalDate): Outcome<List<String>> =
        ask { generateSequence(0) { it + 1 }.map { name(YearGroup(scheme, it, day, null), day) }.takeWhile { it != null }.filterNotNull().toList() }

    /** Which of those names it has on a day; null: none of them any more. */
    suspend fun placeOn(group: YearGroup, day: LocalDate): Outcome<Int?> =
        groups(group.scheme, day).map { names -> names.indexOf(name(group, day)).takeIf { it >= 0 } }

    private fun name(group: YearGroup, day: LocalDate): String? = stageOn(stage(group), day.toString())
}

private fun learner(of: uniffi.kinfolio.Learner) = Learner(of.id, of.nickname, of.emoji, of.colour, of.archived, of.stage?.let(::yearGroup))

private fun yearGroup(of: Stage) =
    YearGroup(Scheme.entries[of.scheme.ordinal], of.place.toInt(), LocalDate.parse(of.on), of.movesUpOn?.let { MonthDay.parse("--$it") })

private fun stage(of: YearGroup) = Stage(
    uniffi.kinfolio.Scheme.entries[of.scheme.ordinal], of.place.toLong(), of.on.toString(), of.movesUpOn?.toString()?.removePrefix("--"),
)
