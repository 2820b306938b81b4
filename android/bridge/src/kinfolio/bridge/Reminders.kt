package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.DueClient
import uniffi.kinfolio.DueKind
import uniffi.kinfolio.Every
import uniffi.kinfolio.Look
import uniffi.kinfolio.RemindersClient

/** How a reminder comes back. */
enum class Again { Never, Week, Month, Quarter, Year }

/** What a parent wants to be reminded of. Nobody's is everybody's. [done]: the last day for which it was done. */
data class Reminder(
    val title: String, val day: LocalDate, val daysBefore: Int = 0, val again: Again = Again.Never, val learners: List<String> = emptyList(),
    val done: LocalDate? = null,
)

/** A reminder as it is kept. [next] is the day on which it is due next; none when it is done. */
data class KeptReminder(val id: String, val item: Reminder, val next: LocalDate?)

/** Something else with a day: a letter to answer, a goal, an exam's last day to enter. */
data class OtherDue(val day: LocalDate, val title: String)

/** Reminders, told on this phone alone. */
class Reminders internal constructor(private val client: RemindersClient, private val due: DueClient) {
    /** All of them, the next one first, those that are done last. [until] is how far is looked. */
    suspend fun list(until: LocalDate): Outcome<List<KeptReminder>> = ask {
        val next = due.until(null, until.toString()).filter { it.kind == DueKind.REMINDER }.groupBy { it.id }.mapValues { (_, of) -> of.minOf { LocalDate.parse(it.day) } }
        client.list(Look()).map { KeptReminder(it.id, reminder(it.item), next[it.id]) }.sortedWith(compareBy(nullsLast()) { it.next })
    }

    /** What else is due until a day. */
    suspend fun others(until: LocalDate): Outcome<List<OtherDue>> =
        ask { due.until(null, until.toString()).filter { it.kind != DueKind.REMINDER }.map { OtherDue(LocalDate.parse(it.day), it.title) } }

    suspend fun get(id: String): Outcome<Reminder> = ask { reminder(client.get(id).item) }

    suspend fun add(new: Reminder): Outcome<Unit> = ask { client.add(kept(new)) }

    /** Makes one read [now]; [base] is what the page began with. */
    suspend fun save(id: String, base: Reminder, now: Reminder): Outcome<Unit> = ask { client.save(id, kept(base), kept(now)) }

    suspend fun trash(id: String): Outcome<Unit> = ask { client.trash(id) }

    suspend fun restore(id: String): Outcome<Unit> = ask { client.restore(id) }
}

private val EVERY = mapOf(Again.Week to Every.WEEK, Again.Month to Every.MONTH, Again.Quarter to Every.QUARTER, Again.Year to Every.YEAR)

private fun reminder(of: uniffi.kinfolio.Reminder) = Reminder(
    of.title, LocalDate.parse(of.dueOn), of.daysBefore.toInt(), EVERY.entries.find { it.value == of.every }?.key ?: Again.Never, of.learners,
    of.doneOn?.let(LocalDate::parse),
)

private fun kept(of: Reminder) =
    uniffi.kinfolio.Reminder(of.title, of.day.toString(), of.daysBefore.toLong(), EVERY[of.again], of.done?.toString(), of.learners)
