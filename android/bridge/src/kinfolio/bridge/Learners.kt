package kinfolio.bridge

import uniffi.kinfolio.LearnersClient
import uniffi.kinfolio.NewLearner

/** Who learns: a nickname, a picture and a colour. There is no field for a real name. */
data class Learner(val id: String, val nickname: String, val emoji: String, val colour: String, val archived: Boolean)

/** The learners of the family. */
class Learners internal constructor(private val client: LearnersClient) {
    /** All of them, as the family has ordered them. */
    suspend fun list(): Outcome<List<Learner>> = ask { client.list().map(::learner) }

    /** Adds one. [colour] is the name of one of the app's colours. */
    suspend fun add(nickname: String, emoji: String, colour: String): Outcome<Learner> =
        ask { learner(client.add(NewLearner(nickname, colour, emoji))) }
}

private fun learner(of: uniffi.kinfolio.Learner) = Learner(of.id, of.nickname, of.emoji, of.colour, of.archived)
