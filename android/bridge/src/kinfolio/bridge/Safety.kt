package kinfolio.bridge

import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.ensureActive
import uniffi.kinfolio.AttachmentsClient
import uniffi.kinfolio.EntriesClient
import uniffi.kinfolio.EntryState
import uniffi.kinfolio.KeysClient
import uniffi.kinfolio.Reason
import uniffi.kinfolio.SettingsClient
import uniffi.kinfolio.SyncClient
import uniffi.kinfolio.TimelineQuery

/** What an entry waits for. */
sealed interface Why {
    data object NextSync : Why
    data class Photos(val count: Int) : Why

    /** No longer tried; says why. */
    data class Refused(val reason: String) : Why
    data object UpdateApp : Why
    data object Key : Why
    data object Damaged : Why
    data object Review : Why
    data object HistoryDiffers : Why
}

/** An entry that is not stored yet. */
data class WaitingEntry(val id: String, val title: String, val why: Why)

/** Where everything is, as the server has confirmed it. [entries] are those on this phone: waiting ones, stored ones, and those that stay here. */
data class WhereAll(
    val isOn: Boolean,
    val entries: Long,
    val waiting: List<WaitingEntry>,
    /** Entries that were left on this phone when the family was joined. */
    val onlyHere: Long,
    val photosWaiting: Long,
    val bytes: Long,
    val refused: Long,
    val deletions: Long,
    val storedAtMs: Long?,
    val clockOffMs: Long,
    val historyDiffers: Boolean,
) {
    val stored: Long get() = if (isOn) entries - waiting.size - onlyHere else 0
}

/** What another phone deleted for good, and that stands here as it was. */
data class DeletedElsewhere(val id: String, val isEntry: Boolean, val title: String, val atMs: Long)

private const val STRETCH = 500u

/** Where everything is, and what moves it. */
class Safety internal constructor(
    private val sync: SyncClient,
    private val entries: EntriesClient,
    private val attachments: AttachmentsClient,
    private val settings: SettingsClient,
    private val keys: KeysClient,
) {
    /** Whether sync is on and something waits to be sent. */
    suspend fun waits(): Outcome<Boolean> = ask {
        val now = sync.overview()
        hasServer() && now.waitingRecords + now.waitingPhotos > 0uL
    }

    /** Whether sync was turned on, whatever came of it since. */
    suspend fun isOn(): Outcome<Boolean> = ask { hasServer() }

    private fun hasServer() = keys.place().server != null

    /** Where everything is. */
    suspend fun whereAll(): Outcome<WhereAll> = ask {
        val now = sync.overview()
        val held = attachments.held()
        val isOn = hasServer()
        var count = 0L
        var onlyHere = 0L
        val waiting = ArrayList<WaitingEntry>()
        var after: Long? = null
        do {
            val page = entries.timeline(TimelineQuery(includeDrafts = true, before = after, limit = STRETCH))
            count += page.entries.size
            if (isOn) for (entry in page.entries) when (val state = sync.state(entry.id)) {
                is EntryState.Waiting -> waiting += WaitingEntry(entry.id, entry.title, why(state.v1))
                // Left here when the family was joined; or sync has never run yet, and everything is still to be sent.
                is EntryState.OnThisPhone -> if (now.on) onlyHere++ else waiting += WaitingEntry(entry.id, entry.title, Why.NextSync)
                is EntryState.Stored -> {}
            }
            currentCoroutineContext().ensureActive()
            after = page.next
        } while (after != null)
        WhereAll(
            isOn, count, waiting, onlyHere, now.waitingPhotos.toLong(), (held.thumbs + held.others).toLong(), now.refused.toLong(),
            now.deletions.toLong(), now.safeAt, now.clockOffMs, now.historyDiffers,
        )
    }

    /** Syncs everything once. Every step is kept: the next time goes on where this one stopped. */
    suspend fun sync(onFar: (HowFar) -> Unit): Outcome<Unit> = longWork(onFar) { cancel, progress -> sync.run(cancel, progress) }

    /** Compares everything with the server; for a person in doubt. */
    suspend fun check(onFar: (HowFar) -> Unit): Outcome<Unit> = longWork(onFar) { cancel, progress -> sync.check(cancel, progress) }

    /** Tells whether the connection is mobile data: files wait then, unless the phone's settings let them. */
    suspend fun onMobileData(isMobile: Boolean): Outcome<Unit> = ask { sync.setOnMobileData(isMobile) }

    /** Whether files may move over mobile data on this phone. */
    suspend fun filesMayUseMobileData(): Outcome<Boolean> = ask { settings.phone().filesOnMobileData }

    /** What other phones deleted for good, so much at once that it waits here for a person's word. */
    suspend fun deletions(): Outcome<List<DeletedElsewhere>> = ask {
        sync.deletions().map {
            val isEntry = it.kind == uniffi.kinfolio.ChangeKind.ENTRY
            val title = if (isEntry) runCatching { entries.get(it.id).title }.getOrDefault("") else ""
            DeletedElsewhere(it.id, isEntry, title, it.deletedAt)
        }
    }

    /** Deletes here too what was deleted elsewhere. */
    suspend fun accept(deletions: List<DeletedElsewhere>): Outcome<Unit> =
        ask { sync.acceptDeletions(deletions.map { it.id }, deletions.size.toULong()) }

    /** Keeps what was deleted elsewhere, for all phones. */
    suspend fun keep(deletions: List<DeletedElsewhere>): Outcome<Unit> = ask { sync.keepDeleted(deletions.map { it.id }) }
}

private fun why(of: Reason): Why = when (of) {
    is Reason.Sync -> Why.NextSync
    is Reason.Photos -> Why.Photos(of.v1.toInt())
    is Reason.Refused -> Why.Refused(of.v1)
    is Reason.UpdateApp -> Why.UpdateApp
    is Reason.Key -> Why.Key
    is Reason.Damaged -> Why.Damaged
    is Reason.Review -> Why.Review
    is Reason.HistoryDiffers -> Why.HistoryDiffers
}
