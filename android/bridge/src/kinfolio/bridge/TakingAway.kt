package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.ExportClient
import uniffi.kinfolio.TablePeriod
import uniffi.kinfolio.WeekRequest

/** What the ZIP of the whole record would hold. [elsewhere]: photos that are not on this phone and would be missing. */
data class WholeRecord(val entries: Int, val photos: Int, val elsewhere: Int, val photoBytes: Long, val fileName: String)

/** The whole record, tables, and the sheet of a week, as files. */
class TakingAway internal constructor(private val client: ExportClient) {
    suspend fun preview(): Outcome<WholeRecord> = ask {
        client.recordPreview().let { WholeRecord(it.entries.toInt(), it.photos.toInt(), it.photosElsewhere.toInt(), it.photoBytes.toLong(), it.fileName) }
    }

    /** The whole record as a ZIP; needs notes and assessments are not in it. [withoutMissing]: photos that are elsewhere are left out. Its bytes. */
    suspend fun record(path: String, withoutMissing: Boolean, onFar: (HowFar) -> Unit): Outcome<Long> =
        storeWork(onFar) { cancel, heard -> client.writeRecord(path, withoutMissing = withoutMissing, cancel = cancel, progress = heard).toLong() }

    /** A learner's hours as CSV. [printed] stands for the nickname; empty: the nickname stays. */
    suspend fun hours(learner: String, period: Period, printed: String, path: String): Outcome<Long> =
        ask { client.writeHours(table(learner, period), names(learner, printed), path).toLong() }

    /** What a learner read, as CSV. */
    suspend fun reading(learner: String, period: Period, printed: String, path: String): Outcome<Long> =
        ask { client.writeReading(table(learner, period), names(learner, printed), path).toLong() }

    /** The week of a day as a PDF to write on, a learner's or everybody's. Nicknames stand on it. */
    suspend fun week(day: LocalDate, learner: String?, path: String): Outcome<Long> =
        ask { client.writeWeek(WeekRequest(day.toString(), learner), path).toLong() }
}

private fun table(learner: String, period: Period) = TablePeriod(learner, period.first.toString(), period.last.toString())
