package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.ImportSource
import uniffi.kinfolio.IntakeClient
import uniffi.kinfolio.Shared
import uniffi.kinfolio.putIntoInbox

/** What is shared or noted while the record in [folder] is locked. Whoever holds the phone may put something in; nothing can be read. */
class Inbox(private val folder: String) {
    /** Seals it, all of it or nothing. It becomes a draft once the record is open. */
    suspend fun put(title: String, text: String, files: List<SharedFile>, day: LocalDate): Outcome<Unit> =
        ask { putIntoInbox(folder, shared(title, text, files, day)) }
}

/** What came out of the inbox: how many drafts, and what could not be taken in. */
data class CameIn(val drafts: Int, val problems: List<String>)

/** What waits in the inbox of a record that is open now. */
class Waiting internal constructor(private val client: IntakeClient) {
    suspend fun takeIn(): Outcome<CameIn> = ask { client.takeWaiting(null, null).let { CameIn(it.entries.size, it.problems) } }
}

internal fun shared(title: String, text: String, files: List<SharedFile>, day: LocalDate) =
    Shared(title, text, files = files.map { uniffi.kinfolio.SharedFile(ImportSource.Path(it.path), it.name) }, day = day.toString())
