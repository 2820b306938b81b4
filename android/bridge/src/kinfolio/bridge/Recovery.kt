package kinfolio.bridge

import uniffi.kinfolio.KeysClient
import uniffi.kinfolio.OrderedBy
import uniffi.kinfolio.RecoveryState

/** How the family stands to its recovery paper. */
enum class Paper {
    None,

    /** New words were made and not checked yet. An older paper holds until they are. */
    Unchecked,

    /** Checked; the server has not answered yet. */
    Waiting,
    Holds,
}

/** By whom the end of the server's copy was ordered. */
sealed interface Orderer {
    data class APhone(val name: String, val member: String) : Orderer
    data object TheWords : Orderer
    data object Accounts : Orderer
}

/** What the server told every phone of the family. */
data class Told(val erasureMs: Long?, val orderedBy: Orderer?, val recoveryReadMs: Long?, val readBy: String)

/** The recovery paper, and what the server tells the family. */
class Recovery internal constructor(private val client: KeysClient) {
    /** Whether there is a paper; asks nobody. */
    suspend fun paper(): Outcome<Paper> = ask {
        when (client.recoveryState()) {
            RecoveryState.NONE -> Paper.None
            RecoveryState.UNCONFIRMED -> Paper.Unchecked
            RecoveryState.WAITING -> Paper.Waiting
            RecoveryState.SET -> Paper.Holds
        }
    }

    /** Makes twelve new words. They are given this once; the old paper holds until they are checked. */
    suspend fun make(): Outcome<List<String>> = ask { client.makeRecoveryWords() }

    /** Puts the words in force. */
    suspend fun confirm(words: String): Outcome<Unit> = ask { client.confirmRecovery(words) }

    /** What the server told at the last sync; asks nobody. */
    suspend fun told(): Outcome<Told> = ask {
        val notices = client.notices()
        Told(notices.erasure?.dueMs, notices.erasure?.let { orderer(it.by) }, notices.recoveryRead?.atMs, notices.recoveryRead?.member.orEmpty())
    }

    /** Puts away that somebody read what the words open. */
    suspend fun putAway(): Outcome<Unit> = ask { client.putAwayRecoveryRead() }

    /** Orders that the server's copy of the family is erased: the day. */
    suspend fun orderErasure(): Outcome<Long> = ask { client.orderErasure() }

    /** Calls the end of the server's copy off. */
    suspend fun callOff(): Outcome<Unit> = ask { client.cancelErasure() }
}

private fun orderer(of: OrderedBy): Orderer = when (of) {
    is OrderedBy.Phone -> Orderer.APhone(of.name, of.member)
    is OrderedBy.Words -> Orderer.TheWords
    is OrderedBy.Accounts -> Orderer.Accounts
}
