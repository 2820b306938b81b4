package kinfolio.bridge

import java.time.DayOfWeek
import java.time.LocalDate
import java.time.MonthDay
import uniffi.kinfolio.SettingsClient
import uniffi.kinfolio.WeekStart

/** A term of a family's year. */
data class Term(val name: String, val first: LocalDate, val last: LocalDate)

/** What the family shares. [weeklyMinutes] null: nobody set how much a week is meant to hold. */
data class FamilyWishes(
    val yearStart: MonthDay, val weekStart: DayOfWeek, val weeklyMinutes: Int?, val yearGroups: Boolean, val terms: List<Term>,
)

/** What this phone tells, and when it keeps quiet: minutes of the day. [weeklyJot]: the day on which it asks for a line about the week. */
data class Telling(val isOn: Boolean, val quietFrom: Int, val quietUntil: Int, val weeklyJot: DayOfWeek?)

/** Settings of the family and of this phone. */
class Settings internal constructor(private val client: SettingsClient) {
    suspend fun family(): Outcome<FamilyWishes> = ask { wishes(client.family()) }

    /** Makes the family's settings read [now]; [base] is what the page began with, and what another phone set since then stays. */
    suspend fun save(base: FamilyWishes, now: FamilyWishes): Outcome<FamilyWishes> = ask { wishes(client.saveFamily(kept(base), kept(now))) }

    suspend fun telling(): Outcome<Telling> = ask {
        client.phone().let { Telling(it.reminders, it.quietStart.toInt(), it.quietEnd.toInt(), it.weeklyJot?.let { day -> DayOfWeek.of(day.toInt()) }) }
    }

    suspend fun save(now: Telling): Outcome<Unit> = ask {
        client.savePhone(
            client.phone().copy(
                reminders = now.isOn, quietStart = now.quietFrom.toLong(), quietEnd = now.quietUntil.toLong(), weeklyJot = now.weeklyJot?.value?.toLong(),
            ),
        )
    }
}

private val STARTS = mapOf(WeekStart.MONDAY to DayOfWeek.MONDAY, WeekStart.SATURDAY to DayOfWeek.SATURDAY, WeekStart.SUNDAY to DayOfWeek.SUNDAY)

private fun wishes(of: uniffi.kinfolio.FamilySettings) = FamilyWishes(
    MonthDay.parse("--" + of.yearStart), STARTS.getValue(of.weekStart), of.weeklyMinutes?.toInt(), of.yearGroups,
    of.terms.map { Term(it.name, LocalDate.parse(it.firstDay), LocalDate.parse(it.lastDay)) },
)

private fun kept(of: FamilyWishes) = uniffi.kinfolio.FamilySettings(
    of.yearStart.toString().removePrefix("--"), STARTS.entries.first { it.value == of.weekStart }.key, of.weeklyMinutes?.toLong(), of.yearGroups,
    of.terms.map { uniffi.kinfolio.Term(it.name, it.first.toString(), it.last.toString()) },
)
