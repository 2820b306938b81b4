package kinfolio.bridge

import uniffi.kinfolio.Others
import uniffi.kinfolio.RegisterRequest
import uniffi.kinfolio.Remembered
import uniffi.kinfolio.ReportDetails
import uniffi.kinfolio.ReportRequest
import uniffi.kinfolio.ReportsClient

/** What a document is written as. A folder, with the photos beside the page, is for portfolios only. */
enum class Paperwork { Pdf, Word, WebPage, Folder }

/** What becomes of other learners' nicknames. */
enum class OthersAs { Nickname, Initial, Sibling }

/** What is printed of a family in one document. It lives in memory, unless a parent asks this phone to remember it. */
data class Details(
    val name: String = "",
    val born: String = "",
    val reference: String = "",
    val sender: String = "",
    val recipient: String = "",
    val educatedBy: String = "",
) {
    // Real names in here: never in a log.
    override fun toString() = "Details"
}

/** A report as it is to be written; [photos]: with its samples' photographs; [recorded]: a log says when its lines were written down. */
data class Print(
    val report: String, val learner: String, val named: NamesIn, val details: Details, val kind: Paperwork, val photos: Boolean = false,
    val recorded: Boolean = false,
) {
    override fun toString() = "Print"
}

/** Somebody else who teaches, as the register asks; [kind] as a class or tutor has it. */
data class ProviderAnswer(val name: String, val kind: String, val place: String, val online: String, val minutesAWeek: Int)

/** What the record answers of the register's questions: minutes in a week, estimated. */
data class RegisterAnswers(val byParents: Int, val byOthers: Int, val providers: List<ProviderAnswer>) {
    val isNothing: Boolean get() = byParents == 0 && byOthers == 0 && providers.isEmpty()
}

/** Pages, and letters for which there is no font. */
data class PageCount(val pages: Int, val withoutFont: String)

/** Writing reports with the names that only this phone has. */
class Printing internal constructor(private val client: ReportsClient) {
    suspend fun pages(print: Print): Outcome<PageCount> =
        ask { client.pages(request(print), details(print.details), names(print)).let { PageCount(it.pages.toInt(), it.withoutFont) } }

    /** Writes the file. Failed or stopped, nothing stands at [path] that was not there before. Its bytes. */
    suspend fun write(print: Print, path: String, onFar: (HowFar) -> Unit): Outcome<Long> = storeWork(onFar) { cancel, heard ->
        client.write(request(print), details(print.details), names(print), path, cancel, heard).toLong()
    }

    /** What the record answers of the register's questions. */
    suspend fun register(learner: String, period: Period): Outcome<RegisterAnswers> = ask {
        val answers = client.register(learner, period.first.toString(), period.last.toString())
        val providers = answers.providers.map { ProviderAnswer(it.name, it.form.name.lowercase(), it.place, it.online, it.minutesAWeek.toInt()) }
        RegisterAnswers(answers.byParents.toInt(), answers.byOthers.toInt(), providers)
    }

    /** Writes them as a page. Failed or stopped, nothing stands at [path] that was not there before. Its bytes. */
    suspend fun writeRegister(learner: String, period: Period, details: Details, kind: Paperwork, path: String): Outcome<Long> = storeWork({}) { cancel, _ ->
        val request = RegisterRequest(learner, period.first.toString(), period.last.toString(), format = format(kind))
        client.writeRegister(request, details(details), names(learner, details.name), path, cancel).toLong()
    }

    /** Words in tables and samples that are a nickname, or look like it. Those in sections are [Reports.doubts]. */
    suspend fun places(print: Print): Outcome<List<Mentioned>> = ask { client.review(request(print)).map(::mentioned) }

    /** What may be names of people who are no learners. */
    suspend fun otherNames(print: Print): Outcome<List<OtherName>> = ask { client.namesOfOthers(request(print)).map(::otherName) }

    /** A section as it would be printed, to be pasted elsewhere. */
    suspend fun text(print: Print, section: String): Outcome<String> =
        ask { client.sectionText(request(print), uniffi.kinfolio.Section.valueOf(section), names(print)) }

    /** What this phone remembers for documents about a learner. */
    suspend fun remembered(learner: String): Outcome<Details?> = ask {
        client.remembered(learner)?.let {
            Details(it.name, it.details.born, it.details.reference, it.details.sender, it.details.recipient, it.details.educatedBy)
        }
    }

    /** Remembers these on this phone only, instead of what was. */
    suspend fun remember(learner: String, details: Details): Outcome<Unit> =
        ask { client.remember(learner, Remembered(details.name, details(details).copy(nameInTitle = ""))) }

    suspend fun forget(learner: String): Outcome<Unit> = ask { client.forget(learner) }
}

private fun request(of: Print) = ReportRequest(
    of.report, others = Others.entries[of.named.others.ordinal], ticks = ticks(of.named), shortened = of.named.shortened.toList(),
    format = format(of.kind), photos = of.photos, recorded = of.recorded,
)

private fun details(of: Details) = ReportDetails(of.name, of.born, of.sender, of.recipient, of.reference, of.educatedBy)

private fun names(of: Print) = names(of.learner, of.named.printed)
