package kinfolio.bridge

import uniffi.kinfolio.AskDetails
import uniffi.kinfolio.Choice
import uniffi.kinfolio.Code
import uniffi.kinfolio.JoinState
import uniffi.kinfolio.KeysClient
import uniffi.kinfolio.LearnerChoice
import uniffi.kinfolio.Scanned

/** A code to show: [payload] is what its square holds, [text] the same to be sent to somebody far away. */
class Invite(val link: String, val payload: ByteArray, val text: String?, val endsMs: Long)

/** A phone that asks to be added. [member] is whose it is, when the family knows them. */
data class Asking(val link: String, val phone: String, val email: String?, val member: String?, internal val lookedAt: ULong)

/** What a code was. */
sealed interface Seen {
    /** An invite: sign in to this server, then joining goes on. */
    data class Invited(val server: String) : Seen

    /** A new phone asks to be added here. */
    data class Asks(val link: String) : Seen
}

/** How far joining has come on this phone. */
sealed interface JoinStep {
    data object None : JoinStep
    data class SignIn(val server: String) : JoinStep
    data object Waiting : JoinStep
    data object Ready : JoinStep
    data object Ended : JoinStep
}

/** A learner of the family that is about to be joined. */
data class TheirLearner(val id: String, val nickname: String)

/** The family, before anything on this phone changes. */
data class FamilySeen(val addedBy: String, val learners: List<TheirLearner>)

/** What becomes of one of this phone's learners. */
sealed interface Fate {
    data class Same(val theirs: String) : Fate
    data object Add : Fate
    data object Leave : Fate
}

/** What was taken along into the family. */
data class Taken(val added: Long, val same: Long, val left: Long)

/** Adding a phone to the family, from either side. */
class Joining internal constructor(private val client: KeysClient) {
    /** A code for a new phone: an hour for one beside this, two days for one far away. */
    suspend fun invite(isFarAway: Boolean): Outcome<Invite> = ask { invite(client.invite(isFarAway)) }

    /** Who answers a link that this phone showed or scanned; none while nobody has. */
    suspend fun asking(link: String): Outcome<Asking?> = ask {
        client.pending(link)?.let { Asking(it.link, it.deviceName, it.email, it.member, it.lookedAt) }
    }

    /** Adds the phone that was looked at. [member]: what somebody new is called. */
    suspend fun approve(asking: Asking, member: String): Outcome<Unit> = ask {
        client.approve(AskDetails(asking.link, asking.phone, asking.email, asking.member, asking.lookedAt), member)
    }

    /** Asks to join by a code that a phone of the family scans. */
    suspend fun askToJoin(): Outcome<Invite> = ask { invite(client.ask()) }

    /** Takes in what a square held. */
    suspend fun scan(payload: ByteArray): Outcome<Seen> = ask { seen(client.scan(payload)) }

    /** Takes in an invite that came as text. */
    suspend fun type(text: String): Outcome<Seen> = ask { seen(client.scanText(text)) }

    /** Goes on with joining as far as it can. */
    suspend fun step(): Outcome<JoinStep> = ask {
        when (val state = client.joinState()) {
            is JoinState.None -> JoinStep.None
            is JoinState.SignIn -> JoinStep.SignIn(state.server)
            is JoinState.Waiting -> JoinStep.Waiting
            is JoinState.Ready -> JoinStep.Ready
            is JoinState.Expired -> JoinStep.Ended
        }
    }

    /** The family's learners and who added this phone. */
    suspend fun look(onFar: (HowFar) -> Unit): Outcome<FamilySeen> = longWork(onFar) { cancel, progress ->
        val seen = client.joinPreview(cancel, progress)
        FamilySeen(seen.addedBy, seen.learners.map { TheirLearner(it.id, it.nickname) })
    }

    /** Joins: all of it happens, or nothing does. */
    suspend fun join(fates: Map<String, Fate>, onFar: (HowFar) -> Unit): Outcome<Taken> = longWork(onFar) { cancel, progress ->
        val taken = client.completeJoin(fates.map { (learner, fate) -> LearnerChoice(learner, choice(fate)) }, cancel, progress)
        Taken(taken.added.toLong(), taken.same.toLong(), taken.left.toLong())
    }

    /** Gives up joining. What is on this phone stays as it is. */
    suspend fun giveUp(): Outcome<Unit> = ask { client.cancelJoin() }
}

private fun invite(of: Code) = Invite(of.link, of.payload, of.text, of.expiresMs)

private fun seen(of: Scanned): Seen = when (of) {
    is Scanned.Invite -> Seen.Invited(of.server)
    is Scanned.Ask -> Seen.Asks(of.link)
}

private fun choice(of: Fate): Choice = when (of) {
    is Fate.Same -> Choice.SameAs(of.theirs)
    Fate.Add -> Choice.Add
    Fate.Leave -> Choice.Leave
}
