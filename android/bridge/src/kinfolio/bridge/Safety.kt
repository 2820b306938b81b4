package kinfolio.bridge

import uniffi.kinfolio.AttachmentsClient
import uniffi.kinfolio.EntriesClient
import uniffi.kinfolio.EntryState
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

/** Where everything is, as the server has confirmed it. [entries] are those on this phone: waiting ones and stored ones. */
data class WhereAll(
    val isOn: Boolean,
    val entries: Long,
    val waiting: List<WaitingEntry>,
    val photosWaiting: Long,
    val bytes: Long,
    val refused: Long,
    val deletions: Long,
    val storedAtMs: Long?,
    val clockOffMs: Long,
    val historyDiffers: Boolean,
) {
    val stored: Long get() = if (isOn) entries - waiting.size else 0
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
) {
    /** Whether sync is on and something waits to be sent. */
    suspend fun waits(): Outcome<Boolean> = ask {
        val now = sync.overview()
        now.on && now.waitingRecords + now.waitingPhotos > 0uL
    }

    /** Whether a server is used from this phone's store. */
    suspend fun isOn(): Outcome<Boolean> = ask { sync.overview().on }

    /** Where everything is. */
    suspend fun whereAll(): Outcome<WhereAll> = ask {
        val now = sync.overview()
        val held = attachments.held()
        val doubtful = now.on && now.waitingRecords + now.waitingPhotos + now.refused + now.deletions + now.quarantined > 0uL
        var count = 0L
        val waiting = ArrayList<WaitingEntry>()
        var after: Long? = null
        do {
            val page = entries.timeline(TimelineQuery(includeDrafts = true, before = after, limit = STRETCH))
            count += page.entries.size
            // Asked one by one only while something is on its way at all.
            if (doubtful) for (entry in page.entries) why(entry.id)?.let { waiting += WaitingEntry(entry.id, entry.title, it) }
            after = page.next
        } while (after != null)
        WhereAll(
            now.on, count, waiting, now.waitingPhotos.toLong(), (held.thumbs + held.others).toLong(), now.refused.toLong(),
            now.deletions.toLong(), now.safeAt, now.clockOffMs, now.historyDiffers,
        )
    }

    private fun why(entry: String): Why? = when (val state = sync.state(entry)) {
        is EntryState.Waiting -> why(state.v1)
        else -> null
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
