package kinfolio.bridge

import uniffi.kinfolio.CsvField
import uniffi.kinfolio.CsvRequest
import uniffi.kinfolio.ImportGiven
import uniffi.kinfolio.ImportProblem
import uniffi.kinfolio.ImportsClient
import uniffi.kinfolio.NameChoice
import uniffi.kinfolio.SameLearner

/** What kind of file is read in. */
enum class FileFrom { Kinfolio, DayOne, Table }

/** Something of a file that did not come in, or stays as it is here: which, and why. */
data class NotIn(val item: String, val why: String)

/** Somebody whom the file names: [id] is the file's, empty in a table. [same] are those here with this nickname. */
data class Named(val id: String, val nickname: String, val isHere: Boolean, val same: List<String>)

/** Which of two numbers of a date is the day. */
enum class DateOrder { DayFirst, MonthFirst }

/** A column of a table: what its head says, and what it is taken for. */
data class Column(val head: String, val field: String)

/** What a file holds, and what of it is here already. [dates] has two where a person has to say how its dates are read. */
data class Looked(
    val entries: Int, val entriesHere: Int, val photos: Int, val others: Int, val named: List<Named>, val problems: List<NotIn>,
    val columns: List<Column> = emptyList(), val newSubjects: List<String> = emptyList(), val dates: List<DateOrder> = emptyList(),
)

/** How a file is to be read: who is who (null is somebody new), and for a diary or table whose its entries are besides. */
data class Reading(
    val who: Map<Named, String?> = emptyMap(), val learners: Set<String> = emptySet(), val onRecord: Boolean = true,
    val columns: List<String> = emptyList(), val dates: DateOrder? = null,
)

/** What came of it. */
data class TakenIn(val added: Int, val completed: Int, val unchanged: Int, val photos: Int, val kept: List<NotIn>, val problems: List<NotIn>)

/** The names of what a column can be, in the order in which they are offered. */
val COLUMN_FIELDS: List<String> = CsvField.entries.map { it.name.lowercase() }

/** Reading files in. A second run of any adds nothing. */
class Imports internal constructor(private val client: ImportsClient) {
    /** What a file holds. Nothing is written. */
    suspend fun look(from: FileFrom, path: String, columns: List<String> = emptyList()): Outcome<Looked> = ask {
        when (from) {
            FileFrom.Kinfolio -> looked(client.previewRecord(path))
            FileFrom.DayOne -> looked(client.previewDayOne(path))
            FileFrom.Table -> client.previewCsv(path, columns.map(::field)).let { found ->
                val named = found.unknownLearners.map { Named("", it, isHere = false, same = emptyList()) }
                val heads = found.columns.mapIndexed { at, field -> Column(found.header.getOrElse(at) { "" }, field.name.lowercase()) }
                val dates = found.dateOrders.map { if (it == uniffi.kinfolio.DateOrder.DAY_FIRST) DateOrder.DayFirst else DateOrder.MonthFirst }
                Looked(found.rows.toInt(), 0, 0, 0, named, found.problems.map(::notIn), heads, found.newSubjects, dates)
            }
        }
    }

    /** Reads it in. Stopped, what came in stays, and the next run goes on. */
    suspend fun take(from: FileFrom, path: String, how: Reading, onFar: (HowFar) -> Unit): Outcome<TakenIn> = storeWork(onFar) { cancel, heard ->
        val given = ImportGiven(how.onRecord, how.learners.toList())
        val done = when (from) {
            FileFrom.Kinfolio -> client.importRecord(path, how.who.map { (found, into) -> SameLearner(found.id, into) }, cancel, heard)
            FileFrom.DayOne -> client.importDayOne(path, given, cancel, heard)
            FileFrom.Table -> {
                val order = how.dates?.let { if (it == DateOrder.DayFirst) uniffi.kinfolio.DateOrder.DAY_FIRST else uniffi.kinfolio.DateOrder.MONTH_FIRST }
                val who = how.who.map { (found, into) -> NameChoice(found.nickname, into) }
                client.importCsv(path, CsvRequest(how.columns.map(::field), order, who, given), cancel, heard)
            }
        }
        TakenIn(done.added.toInt(), done.completed.toInt(), done.unchanged.toInt(), done.photos.toInt(), done.kept.map(::notIn), done.problems.map(::notIn))
    }
}

private fun looked(of: uniffi.kinfolio.ImportPreview) = Looked(
    of.entries.toInt(), of.entriesHere.toInt(), of.photos.toInt(), of.others.toInt(),
    of.learners.map { Named(it.id, it.nickname, it.here, it.sameNickname) }, of.problems.map(::notIn),
)

private fun field(name: String) = CsvField.valueOf(name.uppercase())

private fun notIn(of: ImportProblem) = NotIn(of.item, of.problem)
