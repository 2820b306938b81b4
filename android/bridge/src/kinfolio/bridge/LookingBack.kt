package kinfolio.bridge

import java.time.LocalDate
import uniffi.kinfolio.DaysClient
import uniffi.kinfolio.Look
import uniffi.kinfolio.MemoriesChoice
import uniffi.kinfolio.MemoriesClient

/** What a day was that has no entry to show for it. */
enum class DayKind { Taught, Away, Ill, Holiday }

/** What was written around one day of an earlier year. */
data class Memory(val yearsAgo: Int, val entries: List<Entry>)

/** One learner's work in one subject, about a year apart. */
data class ThenAndNow(val then: Entry, val now: Entry)

/** Days that were marked, and this day in earlier years. */
class LookingBack internal constructor(private val days: DaysClient, private val memories: MemoriesClient) {
    /** What the marked days between these two were. */
    suspend fun marked(first: LocalDate, last: LocalDate): Outcome<Map<LocalDate, Set<DayKind>>> = ask {
        val marked = HashMap<LocalDate, MutableSet<DayKind>>()
        for (mark in days.list(Look()).map { it.item }) {
            val from = maxOf(LocalDate.parse(mark.firstDay), first)
            val to = minOf(LocalDate.parse(mark.lastDay ?: mark.firstDay), last)
            var day = from
            while (day <= to) {
                marked.getOrPut(day, ::HashSet) += DayKind.entries[mark.mark.ordinal]
                day = day.plusDays(1)
            }
        }
        marked
    }

    /** Marks a day, or several in a row, for everybody. */
    suspend fun mark(kind: DayKind, first: LocalDate, last: LocalDate = first): Outcome<Unit> = ask {
        days.add(uniffi.kinfolio.DayMark(uniffi.kinfolio.Mark.entries[kind.ordinal], first.toString(), last.toString().takeIf { last != first }))
    }

    /** Whether earlier years are shown on this phone; null: nobody was asked yet. */
    suspend fun isWanted(): Outcome<Boolean?> = ask {
        when (memories.choice()) {
            MemoriesChoice.NOT_ASKED -> null
            MemoriesChoice.ON -> true
            MemoriesChoice.OFF -> false
        }
    }

    suspend fun choose(on: Boolean): Outcome<Unit> = ask { memories.choose(on) }

    /** What was written around this day of the year, the last year first. */
    suspend fun onThisDay(day: LocalDate): Outcome<List<Memory>> = ask {
        memories.onThisDay(day.toString()).map { Memory(it.yearsAgo.toInt(), it.entries.map(::entry)) }
    }

    /** Two entries of one learner and one subject with a photo each, about a year apart. */
    suspend fun thenAndNow(learner: String, subject: String): Outcome<ThenAndNow?> = ask {
        memories.thenAndNow(learner, subject)?.let { ThenAndNow(entry(it.then), entry(it.now)) }
    }
}
