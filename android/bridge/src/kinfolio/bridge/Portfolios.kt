package kinfolio.bridge

import uniffi.kinfolio.ExportClient
import uniffi.kinfolio.Format
import uniffi.kinfolio.Others
import uniffi.kinfolio.Paper
import uniffi.kinfolio.PortfolioRequest
import uniffi.kinfolio.mailBytes

/** What a portfolio holds. No [subjects]: all of them. [forMail]: at most what a mail takes, with smaller photos. */
data class Portfolio(
    val learner: String, val period: Period, val subjects: Set<String> = emptySet(), val starredOnly: Boolean = false, val hours: Boolean = true,
    val reading: Boolean = true, val forMail: Boolean = false, val kind: Paperwork = Paperwork.Pdf, val sheet: SheetOf = SheetOf.Usual,
    /** In large plain letters, as PDF. */
    val isPlain: Boolean = false,
    /** At most so many entries of each subject: starred ones and samples first. Null: all. */
    val mostPerSubject: Int? = null,
)

/** What a PDF is printed on; [Usual]: what is used where the language is spoken. [Book]: square pages with bleed for a printer. */
enum class SheetOf { Usual, A4, Letter, Book }

/** A photo that would be in it. */
data class PictureIn(val photo: String, val entry: String, val day: String)

/** What a portfolio would hold. */
data class InPortfolio(val entries: Int, val fileName: String, val places: List<Mentioned>, val otherNames: List<OtherName>, val pictures: List<PictureIn>)

/** About how large it would be; [fits]: no larger than it may be. */
data class Bulk(val bytes: Long, val fits: Boolean)

/** Making portfolios with the names that only this phone has. */
class Portfolios internal constructor(private val client: ExportClient) {
    suspend fun preview(portfolio: Portfolio, named: NamesIn = NamesIn()): Outcome<InPortfolio> = ask {
        val read = client.preview(request(portfolio, named))
        InPortfolio(
            read.entries.toInt(), read.fileName,
            read.review.map(::mentioned), read.namesOfOthers.map(::otherName),
            read.pictures.map { PictureIn(it.photo, it.entry, it.date) },
        )
    }

    suspend fun bulk(portfolio: Portfolio): Outcome<Bulk> = ask { client.estimate(request(portfolio, NamesIn())).let { Bulk(it.bytes.toLong(), it.fits) } }

    /** Pages as PDF; no photo is read. */
    suspend fun pages(portfolio: Portfolio, named: NamesIn): Outcome<PageCount> =
        ask { client.pages(request(portfolio, named), names(portfolio, named)).let { PageCount(it.pages.toInt(), it.withoutFont) } }

    /** Writes the file. Failed or stopped, nothing stands at [path] that was not there before. Its bytes. */
    suspend fun write(portfolio: Portfolio, named: NamesIn, path: String, onFar: (HowFar) -> Unit): Outcome<Long> = storeWork(onFar) { cancel, heard ->
        client.writePortfolio(request(portfolio, named), names(portfolio, named), path, cancel, heard).toLong()
    }

    /** Writes it as a page for any browser under six new words, which are in the answer and nowhere else. */
    suspend fun seal(portfolio: Portfolio, named: NamesIn, path: String, onFar: (HowFar) -> Unit): Outcome<List<String>> = storeWork(onFar) { cancel, heard ->
        client.writeSealed(request(portfolio.copy(kind = Paperwork.WebPage), named), names(portfolio, named), path, cancel, heard).words
    }
}

private fun request(of: Portfolio, named: NamesIn) = PortfolioRequest(
    of.learner, of.period.first.toString(), of.period.last.toString(), subjects = of.subjects.toList(), starredOnly = of.starredOnly, hours = of.hours,
    reading = of.reading, others = Others.entries[named.others.ordinal], ticks = ticks(named),
    shortened = named.shortened.toList(), format = format(of.kind), mostBytes = if (of.forMail) mailBytes() else null,
    mostPerSubject = of.mostPerSubject?.toUInt(), paper = paper(of.sheet), comfort = of.isPlain && of.sheet != SheetOf.Book,
)

private fun paper(of: SheetOf) = when (of) {
    SheetOf.Usual -> null
    SheetOf.A4 -> Paper.A4
    SheetOf.Letter -> Paper.LETTER
    SheetOf.Book -> Paper.BOOK
}

private fun names(of: Portfolio, named: NamesIn) = names(of.learner, named.printed)

internal fun format(of: Paperwork) = when (of) {
    Paperwork.Pdf -> Format.PDF
    Paperwork.Word -> Format.DOCX
    Paperwork.WebPage -> Format.HTML
    Paperwork.Folder -> Format.ZIP
}
