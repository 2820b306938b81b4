package kinfolio.bridge

import java.time.LocalDate
import java.time.LocalTime
import uniffi.kinfolio.DueClient

/** What is due, on this phone alone. */
class Due internal constructor(private val client: DueClient) {
    /** Ids of what is to be told now: none where reminders are off, or in quiet hours. */
    suspend fun told(day: LocalDate, time: LocalTime): Outcome<List<String>> =
        ask { client.told(day.toString(), time.hour * 60L + time.minute).map { it.id } }
}
