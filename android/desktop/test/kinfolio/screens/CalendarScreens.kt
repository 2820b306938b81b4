package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.DayKind
import kinfolio.done
import kinfolio.ui.calendar.CalendarPage
import kotlinx.coroutines.runBlocking

private fun years(phone: TestPhone) {
    phone.fill()
    runBlocking {
        val otter = phone.core.learners.list().done().last().id
        phone.core.entries.create(TODAY.minusYears(1), "First owl pellet", setOf(otter), onRecord = true).done()
        phone.core.lookingBack.mark(DayKind.Away, TODAY.minusDays(8), TODAY.minusDays(5)).done()
    }
}

@OptIn(ExperimentalTestApi::class)
internal val calendarScreens = listOf(
    Pictured("calendar", "Look back at earlier years?", fill = ::years, way = { way, _ -> way.open(CalendarPage) }),
    Pictured("calendar-day", "2 entries: Hedgehog, Otter", fill = ::years, way = { way, _ -> way.open(CalendarPage) }, act = {
        press("Fri 17 Apr 2026. 2 entries: Hedgehog, Otter", "Counting change")
        press("Show them", "First owl pellet")
    }),
)
