package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.CoverageClient
import uniffi.kinfolio.CoverageQuery
import uniffi.kinfolio.SettingsClient
import uniffi.kinfolio.Span
import uniffi.kinfolio.SubjectsClient

/** What was noted under one subject. An empty name: what names no subject. */
data class SubjectSum(val name: String, val entries: Long, val minutes: Long)

/** A stretch of days; both are in it. */
data class Period(val first: LocalDate, val last: LocalDate)

/** A learner's stretch of days in numbers. Entries, minutes and days are counted once, whatever the number of subjects. */
data class Sums(
    val period: Period,
    val entries: Long,
    val minutes: Long,
    val days: Long,
    val byParents: Long,
    val byOthers: Long,
    val atHome: Long,
    val away: Long,
    /** Those with most minutes first. An entry of several subjects shares its time among them. */
    val subjects: List<SubjectSum>,
)

/** What was noted, in numbers. */
class Progress internal constructor(
    private val coverage: CoverageClient,
    private val settings: SettingsClient,
    private val subjects: SubjectsClient,
) {
    /** The family's year around a day. */
    suspend fun yearOf(day: LocalDate): Outcome<Period> = ask {
        val year = settings.yearOf(day.toString())
        Period(LocalDate.parse(year.firstDay), LocalDate.parse(year.lastDay))
    }

    /** The family's week around a day. */
    suspend fun weekOf(day: LocalDate): Outcome<Period> = ask {
        val week = settings.weekOf(day.toString())
        Period(LocalDate.parse(week.firstDay), LocalDate.parse(week.lastDay))
    }

    /** The numbers of a learner. */
    suspend fun of(learner: String, period: Period): Outcome<Sums> = ask {
        val names = subjects.list().associate { it.id to it.name }
        val found = coverage.coverage(CoverageQuery(learner, period.first.toString(), period.last.toString(), Span.WHOLE))
        val rows = found.rows.mapNotNull { row -> row.cells.firstOrNull()?.let { SubjectSum(names[row.subject].orEmpty(), it.entries, it.minutes) } }
        val whole = found.totals
        Sums(
            period, whole.entries, whole.minutes, whole.days, whole.parentMinutes, whole.otherMinutes,
            whole.homeMinutes, whole.awayMinutes, rows,
        )
    }
}
