package kinfolio.family

import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import java.time.DayOfWeek
import java.time.LocalDate
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Again
import kinfolio.bridge.Reminder
import kinfolio.bridge.Term
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.Browser
import kinfolio.ui.ComeBack
import kinfolio.ui.Outside
import kinfolio.ui.stage.Place
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class SettingsTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)
    private val sheet = Hand(screen, isDialog())

    @AfterTest
    fun close() = phone.close()

    private fun open() {
        phone.fill()
        val device = phone.device()
        screen.setContent { App(device) { it.go(Place.Family) } }
    }

    private fun family() = runBlocking { phone.core.settings.family().done() }

    @Test
    fun theFamilysYearWeekTargetAndTermsAreKeptAsTheyAreChosen() {
        open()
        hand.press("Year, week and terms")
        hand.press("Sunday")
        screen.waitUntil(30_000) { family().weekStart == DayOfWeek.SUNDAY }
        hand.type("Hours meant for a week", "lots")
        hand.waitFor("Type a number of hours up to 168, or nothing")
        hand.type("Hours meant for a week", "12,5")
        screen.waitUntil(30_000) { family().weeklyMinutes == 750 }
        hand.type("Hours meant for a week", "")
        screen.waitUntil(30_000) { family().weeklyMinutes == null }
        hand.press("Add a term")
        hand.press("Save")
        hand.waitFor("Type a name first")
        hand.waitFor("Choose the first day")
        hand.type("Name", "Summer")
        hand.press("First day")
        sheet.press("Today")
        hand.press("Save")
        hand.waitFor("Choose a last day after the first")
        hand.press("Last day")
        sheet.press("Today")
        hand.press("Save")
        hand.waitFor("Remove Summer")
        assertEquals(listOf(Term("Summer", TODAY, TODAY)), family().terms)
        hand.press("Remove Summer")
        screen.waitUntil(30_000) { family().terms.isEmpty() }
        hand.press("Undo")
        screen.waitUntil(30_000) { family().terms.size == 1 }
    }

    @Test
    fun aReminderIsAddedDoneAndComesBackAndThePhoneTellsOnlyWhatItIsAskedTo() {
        open()
        hand.press("Reminders")
        hand.waitFor("No reminders yet.")
        hand.press("Add a reminder")
        hand.press("Save")
        hand.waitFor("Type what is due")
        hand.type("What is due", "Report for the council")
        hand.press("Every year")
        hand.press("Save")
        hand.waitFor("Fri 17 Apr 2026 · Every year")
        val told = { runBlocking { phone.core.due.told(TODAY, java.time.LocalTime.NOON).done() } }
        assertEquals(1, told().size)
        hand.press("Mark as done: Report for the council")
        hand.waitFor("Sat 17 Apr 2027 · Every year")
        assertTrue(told().isEmpty())
        hand.press("Undo")
        hand.waitFor("Fri 17 Apr 2026 · Every year")
        // Off is off.
        hand.press("Tell me about them")
        screen.waitUntil(30_000) { told().isEmpty() }
        hand.press("Tell me about them")
        hand.press("Quiet from")
        sheet.press("12:00")
        screen.waitUntil(30_000) { runBlocking { phone.core.settings.telling().done() }.quietFrom == 12 * 60 }
        assertTrue(told().isEmpty())
        hand.press("A line about the week on")
        sheet.press("Sunday")
        screen.waitUntil(30_000) { runBlocking { phone.core.settings.telling().done() }.weeklyJot == DayOfWeek.SUNDAY }
    }

    @Test
    fun whatIsTypedOverAReminderOfAnotherPhoneKeepsWhatThatPhoneWrote() = runBlocking<Unit> {
        val base = Reminder("Report", LocalDate.of(2026, 6, 30), 30, Again.Year)
        phone.core.reminders.add(base).done()
        val kept = phone.core.reminders.list(LocalDate.of(2027, 1, 1)).done().single()
        phone.core.reminders.save(kept.id, base, base.copy(daysBefore = 7)).done()
        phone.core.reminders.save(kept.id, base, base.copy(title = "Report for the council")).done()
        assertEquals(base.copy(title = "Report for the council", daysBefore = 7), phone.core.reminders.get(kept.id).done())
    }

    @Test
    fun theLogTellsWhatWasDoneOnWhichPhoneAndLeadsToTheEntry() {
        open()
        hand.press("Family log")
        hand.waitFor("Entry added")
        hand.waitFor("Test")
        hand.press("Entry added")
        hand.waitFor("Swimming")
    }

    @Test
    fun helpIsThereWithoutSignalAndLeavesNoTrace() {
        val opened = ArrayList<String>()
        phone.outside = Outside(
            object : Browser {
                override suspend fun comeBack(server: String): ComeBack = error("nobody signs in")
                override suspend fun open(url: String) = false.also { opened += url }
            },
        )
        open()
        hand.waitFor("Help and rights")
        val before = runBlocking { phone.core.log.page(null, 500).done() }.size
        val changes = java.nio.file.Files.walk(phone.recordFolder).use { all -> all.filter(java.nio.file.Files::isRegularFile).toList() }
        val bytes = { changes.map { java.nio.file.Files.readAllBytes(it).contentHashCode() } }
        val now = bytes()
        hand.press("Help and rights")
        hand.press("Where to turn, by telephone")
        hand.waitFor("0800 1111")
        hand.press("www.childline.org.uk")
        hand.waitFor("Open this address yourself: https://www.childline.org.uk/")
        assertEquals(listOf("https://www.childline.org.uk/"), opened)
        hand.press("Back")
        hand.press("England")
        hand.waitFor("Education Act 1996, section 7")
        assertEquals(now, bytes())
        assertEquals(before, runBlocking { phone.core.log.page(null, 500).done() }.size)
    }
}
