package kinfolio.bridge

import uniffi.kinfolio.EntryState
import uniffi.kinfolio.SyncClient

/** Where an entry is, with its photos. */
enum class Stored { OnThisPhone, Waiting, OnServer }

/** How far the whole record has come. */
data class SyncState(val isOn: Boolean, val waiting: Long, val refused: Long, val storedAtMs: Long?)

/** Sending and fetching. */
class Sync internal constructor(private val client: SyncClient) {
    /** How far it has come, as the server has confirmed it. */
    suspend fun state(): Outcome<SyncState> = ask {
        val overview = client.overview()
        SyncState(overview.on, overview.waitingRecords.toLong(), overview.refused.toLong(), overview.safeAt)
    }

    /** Where one entry is. */
    suspend fun of(entry: String): Outcome<Stored> = ask {
        when (client.state(entry)) {
            is EntryState.OnThisPhone -> Stored.OnThisPhone
            is EntryState.Waiting -> Stored.Waiting
            is EntryState.Stored -> Stored.OnServer
        }
    }
}
