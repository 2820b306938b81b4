package kinfolio.bridge

import uniffi.kinfolio.ExportClient
import uniffi.kinfolio.Format
import uniffi.kinfolio.MentionId
import uniffi.kinfolio.Others
import uniffi.kinfolio.PortfolioRequest
import uniffi.kinfolio.PrintedName
import uniffi.kinfolio.Tick
import uniffi.kinfolio.mailBytes

/** What a portfolio holds. No [subjects]: all of them. [forMail]: at most what a mail takes, with smaller photos. */
data class Portfolio(
    val learner: String, val period: Period, val subjects: Set<String> = emptySet(), val starredOnly: Boolean = false, val hours: Boolean = true,
    val reading: Boolean = true, val forMail: Boolean = false, val kind: Paperwork = Paperwork.Pdf,
)

/** Where a nickname may stand; stays the same until the text is edited. */
data class Spot internal constructor(internal val id: MentionId)

/** A word that is a learner's nickname, or looks like it. [isName]: it will be printed as the name. */
data class Mentioned(val spot: Spot, val learner: String, val day: String, val before: String, val word: String, val after: String, val isName: Boolean)

/** What may be the name of somebody who is no learner, and the first place where it stands. */
data class OtherName(val name: String, val times: Int, val before: String, val after: String)

/** A photo that would be in it. */
data class PictureIn(val photo: String, val entry: String, val day: String)

/** What a portfolio would hold. */
data class InPortfolio(val entries: Int, val fileName: String, val places: List<Mentioned>, val otherNames: List<OtherName>, val pictures: List<PictureIn>)

/** About how large it would be; [fits]: no larger than it may be. */
data class Bulk(val bytes: Long, val fits: Boolean)

/** Names in one portfolio. They live in memory. [printed] stands for the learner's nickname; empty: the nickname stays. */
data class NamesIn(val printed: String = "", val others: OthersAs = OthersAs.Sibling, val ticks: Map<Spot, Boolean> = emptyMap(), val shortened: Set<String> = emptySet()) {
    // Real names in here: never in a log.
    override fun toString() = "NamesIn"
}

/** Making portfolios with the names that only this phone has. */
class Portfolios internal constructor(private val client: ExportClient) {
    suspend fun preview(portfolio: Portfolio, named: NamesIn = NamesIn()): Outcome<InPortfolio> = ask {
        val read = client.preview(request(portfolio, named))
        InPortfolio(
            read.entries.toInt(), read.fileName,
            read.review.map { Mentioned(Spot(it.id), it.learner, it.date, it.before, it.matched, it.after, it.on) },
            read.namesOfOthers.map { OtherName(it.name, it.times.toInt(), it.before, it.after) },
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
    reading = of.reading, others = Others.entries[named.others.ordinal], ticks = named.ticks.map { (spot, isName) -> Tick(spot.id, isName) },
    shortened = named.shortened.toList(), format = format(of.kind), mostBytes = if (of.forMail) mailBytes() else null,
)

private fun names(of: Portfolio, named: NamesIn) = if (named.printed.isBlank()) emptyList() else listOf(PrintedName(of.learner, named.printed.trim()))

internal fun format(of: Paperwork) = when (of) {
    Paperwork.Pdf -> Format.PDF
    Paperwork.Word -> Format.DOCX
    Paperwork.WebPage -> Format.HTML
    Paperwork.Folder -> Format.ZIP
}
