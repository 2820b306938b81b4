package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.EducationReport
import uniffi.kinfolio.KeptReport
import uniffi.kinfolio.LearnersClient
import uniffi.kinfolio.Look
import uniffi.kinfolio.ReportForm
import uniffi.kinfolio.ReportSection
import uniffi.kinfolio.ReportsClient
import uniffi.kinfolio.headingOf
import uniffi.kinfolio.sectionsOf

/** What a report is laid out for. */
enum class Form { England, Pennsylvania, NewYork, Missouri, Queensland }

/** A section and what is written in it: paragraphs, a line each. A learner stands in it as `@` and the nickname. */
data class SectionText(val key: String, val heading: String, val text: String)

/** A report, or a version of one that was sent. */
data class Report(
    val id: String,
    val form: Form,
    val learner: String,
    val period: Period,
    val sections: List<SectionText>,
    /** The day on which this version was sent; it is then no longer edited. */
    val sentOn: LocalDate?,
    val sentTo: String,
    /** The report that this is a version of. */
    val versionOf: String?,
)

/** A report, and what an editor of it began with. */
class OpenReport internal constructor(val report: Report, internal val base: EducationReport)

/** A word in a report that may be a learner's name or another word. */
data class Doubt(val heading: String, val before: String, val word: String, val after: String)

/** So much of a sentence is shown on both sides of a word. */
private const val AROUND = 32

/** Reports: drafted from the record in the parent's own words. */
class Reports internal constructor(private val client: ReportsClient, private val learners: LearnersClient) {
    /** The newest first; what was sent are versions of them. */
    suspend fun list(): Outcome<List<Report>> = ask { mentions().let { names -> client.list(Look()).map { report(it, names) } } }

    /** Begins one: every section drafted from the record of those days. */
    suspend fun begin(form: Form, learner: String, period: Period): Outcome<String> =
        ask { client.begin(ReportForm.entries[form.ordinal], learner, period.first.toString(), period.last.toString()).id }

    suspend fun open(id: String): Outcome<OpenReport> = ask { opened(client.get(id)) }

    /** Writes a section anew. What another phone changed meanwhile stays. */
    suspend fun write(open: OpenReport, key: String, text: String): Outcome<OpenReport> = ask {
        val tokens = mentions(open.report.learner).inTokens(text)
        val section = uniffi.kinfolio.Section.valueOf(key)
        val (old, others) = open.base.sections.partition { it.section == section }
        val now = old.firstOrNull()?.copy(text = tokens) ?: ReportSection(section, tokens)
        opened(client.save(open.report.id, open.base, open.base.copy(sections = others + now)))
    }

    /** Drafts once more: what is new comes in, what was written or taken out by hand stays so. */
    suspend fun draftAgain(id: String): Outcome<OpenReport> = ask { opened(client.draftAgain(id)) }

    /** What the form asks for and neither the record nor the report holds yet. */
    suspend fun missing(id: String): Outcome<List<String>> = ask { client.missing(id) }

    /** Words that may be learners' names or other words. */
    suspend fun doubts(id: String): Outcome<List<Doubt>> = ask {
        val texts = client.get(id).item.sections.associate { it.section to it.text.toByteArray() }
        val names = mentions()
        client.doubts(id).map { doubt ->
            val bytes = texts.getValue(doubt.section)
            val start = doubt.start.toInt()
            val before = names.inNames(String(bytes, 0, start)).takeLast(AROUND)
            val after = names.inNames(String(bytes, start, bytes.size - start).drop(doubt.word.length)).take(AROUND)
            Doubt(headingOf(doubt.section), before.substringAfterLast('\n'), doubt.word, after.substringBefore('\n'))
        }
    }

    /** Keeps what stands now as the version that was sent on a day. */
    suspend fun sent(id: String, day: LocalDate, to: String): Outcome<Unit> = ask { client.sent(id, day.toString(), to) }

    suspend fun trash(id: String): Outcome<Unit> = ask { client.trash(id) }

    suspend fun restore(id: String): Outcome<Unit> = ask { client.restore(id) }

    private fun mentions(first: String? = null) = Mentions(learners.list().sortedByDescending { it.id == first }.map { it.id to it.nickname })

    private fun opened(kept: KeptReport) = OpenReport(report(kept, mentions()), kept.item)
}

private fun report(kept: KeptReport, names: Mentions): Report {
    val item = kept.item
    val learner = item.learners.firstOrNull().orEmpty()
    val sections = sectionsOf(item.form).map { section ->
        val heading = if (section == uniffi.kinfolio.Section.ABOUT) "${headingOf(section)} ${names.nickname(learner)}".trim() else headingOf(section)
        SectionText(section.name, heading, names.inNames(item.sections.find { it.section == section }?.text.orEmpty()))
    }
    val period = Period(LocalDate.parse(item.firstDay), LocalDate.parse(item.lastDay))
    return Report(
        kept.id, Form.entries[item.form.ordinal], learner, period, sections,
        item.sentOn?.let(LocalDate::parse), item.sentTo, item.versionOf,
    )
}
