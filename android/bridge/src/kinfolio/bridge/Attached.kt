package kinfolio.bridge

import uniffi.kinfolio.AttachmentsClient
import uniffi.kinfolio.ImportSource
import uniffi.kinfolio.Size

/** What kind of file hangs on an entry. */
enum class FileKind { Photo, Pdf, Word, Audio, Video, Unknown }

/** A photo or a file of an entry, in the order of the entry. */
data class AttachedFile(
    val id: String,
    val kind: FileKind,
    val caption: String,
    val description: String,
    /** What it is called, and its bytes: of a file that is no photo. */
    val name: String,
    val bytes: Long,
    /** When a photo was taken, camera's local time, as in `2026-05-03T10:20:30`. */
    val takenAt: String?,
    internal val position: Long,
)

/** Photos and files of entries. */
class Attached internal constructor(private val client: AttachmentsClient) {
    suspend fun of(entry: String): Outcome<List<AttachedFile>> = ask { client.list(entry).map(::attached) }

    /** Takes a file from [path] into an entry, after its others: a photo, a PDF, a recording. Failed or stopped, the entry is as it was. */
    suspend fun add(entry: String, path: String, name: String, onFar: (HowFar) -> Unit): Outcome<Unit> =
        longWork(onFar) { cancel, heard -> client.importFile(entry, ImportSource.Path(path), name, "", cancel, heard) }

    suspend fun describe(id: String, caption: String, description: String): Outcome<Unit> = ask { client.describe(id, caption, description) }

    /** Puts one before the one that stands before it. */
    suspend fun moveUp(entry: String, id: String): Outcome<Unit> = ask {
        val order = client.list(entry)
        val at = order.indexOfFirst { it.id == id }
        if (at > 0) {
            // All get a place of their own: two that came from two phones may share one.
            val new = order.map { it.id }.toMutableList().apply { add(at - 1, removeAt(at)) }
            val places = order.associate { it.id to it.position }
            new.forEachIndexed { place, one -> if (places[one] != place.toLong()) client.place(one, place.toLong()) }
        }
    }

    /** Takes it out for good: this can't be undone. */
    suspend fun remove(id: String): Outcome<Unit> = ask { client.remove(id) }

    /** A JPEG of at most 512 pixels on the long edge. */
    suspend fun small(id: String): Outcome<ByteArray> = ask { client.read(id, Size.THUMB) }
}

private fun attached(of: uniffi.kinfolio.Attachment): AttachedFile {
    val file = of.file
    val kind = when {
        file == null -> FileKind.Photo
        else -> when (file.kind) {
            uniffi.kinfolio.FileKind.PDF -> FileKind.Pdf
            uniffi.kinfolio.FileKind.DOCX -> FileKind.Word
            uniffi.kinfolio.FileKind.AUDIO -> FileKind.Audio
            uniffi.kinfolio.FileKind.VIDEO -> FileKind.Video
            null -> FileKind.Unknown
        }
    }
    return AttachedFile(of.id, kind, of.caption, of.alt, file?.name.orEmpty(), file?.size?.toLong() ?: 0, of.capturedAt, of.position)
}
