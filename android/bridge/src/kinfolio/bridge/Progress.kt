package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.CoverageClient
import uniffi.kinfolio.CoverageQuery
import uniffi.kinfolio.Look
import uniffi.kinfolio.SettingsClient
import uniffi.kinfolio.Span
import uniffi.kinfolio.SubjectsClient
import uniffi.kinfolio.TargetsClient

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

/** One term of a stretch, in numbers. An empty [name]: days between two terms, or a quarter. */
data class TermSums(val name: String, val period: Period, val entries: Long, val minutes: Long, val days: Long, val subjects: List<SubjectSum>)

/** What a week holds on average, in minutes; [meant]: what the family means it to hold. */
data class WeekOnAverage(val byParents: Long, val byOthers: Long, val meant: Long?)

/** What a year was meant to hold and what it holds so far, days or minutes; null: it was not said. */
data class Towards(val id: String, val period: Period, val days: Far?, val minutes: Far?, val core: Far?, val coreAtHome: Far?)

/** So much [of] so much. */
data class Far(val done: Long, val of: Long)

/** What was noted, in numbers. */
class Progress internal constructor(
    private val coverage: CoverageClient,
    private val settings: SettingsClient,
    private val subjects: SubjectsClient,
    private val targets: TargetsClient,
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

    /** The same, term by term; those in which nothing was noted are there, too. */
    suspend fun byTerm(learner: String, period: Period): Outcome<List<TermSums>> = ask {
        val names = subjects.list().associate { it.id to it.name }
        val found = coverage.coverage(CoverageQuery(learner, period.first.toString(), period.last.toString(), Span.TERM))
        found.columns.mapIndexed { at, column ->
            val rows = found.rows.mapNotNull { row ->
                row.cells[at].takeIf { it.entries > 0 }?.let { SubjectSum(names[row.subject].orEmpty(), it.entries, it.minutes) }
            }
            val whole = found.whole[at]
            TermSums(
                column.name, Period(LocalDate.parse(column.firstDay), LocalDate.parse(column.lastDay)), whole.entries, whole.minutes, found.days[at],
                rows.sortedWith(compareByDescending(SubjectSum::minutes).thenByDescending(SubjectSum::entries)),
            )
        }
    }

    /** What a week of a learner's held on average in these days. */
    suspend fun weekOnAverage(learner: String, period: Period): Outcome<WeekOnAverage> = ask {
        coverage.estimate(learner, period.first.toString(), period.last.toString()).let { WeekOnAverage(it.byParents, it.byOthers, it.meant) }
    }

    /** How far a learner has come towards the targets of years that have these days in them. */
    suspend fun towards(learner: String, period: Period): Outcome<List<Towards>> = ask {
        targets.list(Look(learner)).mapNotNull { kept ->
            val first = LocalDate.parse(kept.item.firstDay)
            val year = Period(first, kept.item.lastDay?.let(LocalDate::parse) ?: first.plusYears(1).minusDays(1))
            if (year.last < period.first || year.first > period.last) return@mapNotNull null
            val sums = coverage.coverage(CoverageQuery(learner, year.first.toString(), year.last.toString(), Span.WHOLE)).totals
            fun far(done: Long, of: Long?) = of?.let { Far(done, it) }
            Towards(
                kept.id, year, far(sums.days, kept.item.days), far(sums.minutes, kept.item.minutes), far(sums.coreMinutes, kept.item.coreMinutes),
                far(sums.coreHomeMinutes, kept.item.coreHomeMinutes),
            )
        }
    }
}
