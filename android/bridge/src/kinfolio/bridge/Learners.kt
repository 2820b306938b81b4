package kinfolio.bridge

import uniffi.kinfolio.LearnerEdit
import uniffi.kinfolio.LearnersClient
import uniffi.kinfolio.NewLearner

/** Who learns: a nickname, a picture and a colour. There is no field for a real name. */
data class Learner(val id: String, val nickname: String, val emoji: String, val colour: String, val archived: Boolean)

/** What would go with a learner: entries and other things that are only theirs, and entries that stay with others. */
data class Leaving(val entries: Long, val shared: Long, val others: Long)

/** A learner who was removed not long ago. */
data class Gone(val id: String, val nickname: String)

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
    suspend fun gone(): Outcome<List<Gone>> = ask { client.gone().filter { it.sameAs == null }.map { Gone(it.id, it.nickname) } }

    /** Brings one back, with everything that went. */
    suspend fun restore(id: String): Outcome<Learner> = ask { learner(client.restore(id)) }
}

private fun learner(of: uniffi.kinfolio.Learner) = Learner(of.id, of.nickname, of.emoji, of.colour, of.archived)
