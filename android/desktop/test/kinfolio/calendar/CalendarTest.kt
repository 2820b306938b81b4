package kinfolio.calendar

import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import java.time.LocalDate
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.DayKind
import kinfolio.bridge.Kind
import kinfolio.bridge.Slot
import kinfolio.bridge.Wanted
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.calendar.CalendarPage
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class CalendarTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)

    @AfterTest
    fun close() = phone.close()

    private fun open() {
        val device = phone.device()
        screen.setContent { App(device) { it.open(CalendarPage) } }
    }

    private fun written() = runBlocking { phone.core.entries.timeline(Wanted(), null, 50).done().entries }

    @Test
    fun anEmptyDayTakesANewEntryOnThatDayAndADraftOfAnotherDayStays() {
        phone.fill()
        val draft = runBlocking { phone.core.entries.create(TODAY, "Half a sentence", emptySet(), onRecord = false).done() }
        open()
        hand.waitFor("2 entries: Hedgehog, Otter")
        hand.press("Month before")
        hand.waitFor("Sat 28 Mar 2026. 1 entry: Hedgehog")
        hand.press("Tue 10 Mar 2026")
        val sheet = Hand(screen, isDialog())
        sheet.type("What happened?", "Frogspawn in the ditch")
        sheet.press("Otter")
        sheet.press("Save")
        hand.waitFor("Tue 10 Mar 2026. 1 entry: Otter")
        assertEquals(LocalDate.of(2026, 3, 10), written().single { it.title == "Frogspawn in the ditch" }.day)
        assertEquals(listOf(draft.id), runBlocking { phone.core.editing.drafts().done() }.map { it.id })
    }

    @Test
    fun aDayWithEntriesShowsThemAndADayAwayIsCalledSo() {
        phone.fill()
        runBlocking { phone.core.lookingBack.mark(DayKind.Away, TODAY.minusDays(5), TODAY.minusDays(4)).done() }
        open()
        hand.waitFor("Mon 13 Apr 2026. Away")
        hand.press("Thu 16 Apr 2026. 1 entry")
        hand.press("Library: three books on owls")
        hand.waitFor("Barn owls won.")
        hand.press("Back")
        hand.waitFor("Library: three books on owls")
    }

    @Test
    fun aDayIsMarkedFromTheCalendarAndForNobodyElse() {
        phone.fill()
        open()
        hand.press("Thu 16 Apr 2026. 1 entry")
        hand.press("Mark as away, ill or a holiday")
        hand.press("Ill")
        hand.press("Otter")
        hand.press("Save")
        hand.waitFor("Thu 16 Apr 2026. 1 entry: Hedgehog, Otter. Ill")
        val mark = runBlocking { phone.core.shelves[Kind.Days].list().done() }.single().item
        assertEquals(listOf("ill", "2026-04-16"), listOf(mark[Slot.Mark], mark[Slot.First]))
    }

    @Test
    fun earlierYearsAreShownOnlyOnceSomebodySaidYesAndGoAgain() {
        phone.fill()
        runBlocking {
            val learner = phone.core.learners.list().done().first().id
            phone.core.entries.create(TODAY.minusYears(1), "First owl pellet", setOf(learner), onRecord = true).done()
        }
        open()
        hand.waitFor("Look back at earlier years?")
        assertEquals(false, hand.isThere("First owl pellet"))
        hand.press("Show them")
        hand.waitFor("1 year ago")
        hand.waitFor("First owl pellet")
        hand.press("Don’t show earlier years")
        screen.waitUntil(20_000) { !hand.isThere("First owl pellet") }
        assertEquals(false, runBlocking { phone.core.lookingBack.isWanted().done() })
    }

    @Test
    fun aMonthThatDoesNotOpenSaysSo() {
        phone.fill()
        open()
        hand.waitFor("2 entries: Hedgehog, Otter")
        runBlocking { phone.core.close() }
        hand.press("Month before")
        hand.waitFor("This month did not open. The record is locked.")
    }
}
