package kinfolio.week

import androidx.compose.ui.test.junit4.createComposeRule
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Slot
import kinfolio.bridge.Wanted
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.stage.Place
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class WeekTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)

    @AfterTest
    fun close() = phone.close()

    private fun open(fill: suspend (otter: String) -> Unit = {}) {
        phone.fill()
        runBlocking { fill(phone.core.learners.list().done().last().id) }
        val device = phone.device()
        screen.setContent { App(device) { it.go(Place.Learners) } }
        hand.press("This week")
        hand.waitFor("Planned")
    }

    private fun titles() = runBlocking { phone.core.entries.timeline(Wanted(), null, 50).done() }.entries.map { it.title }

    private fun until(what: () -> Boolean) = screen.waitUntil(20_000) { what() }

    @Test
    fun aPlanBecomesAnEntryWithOneTapAndAPlanAgain() {
        open()
        hand.waitFor("Nothing is planned. Nothing has to be.")
        hand.press("Add a plan")
        hand.press("Save")
        hand.waitFor("Type what you plan first")
        hand.type("What you plan", "Bake bread")
        hand.press("Save")
        hand.press("It happened")
        hand.waitFor("Its entry")
        until { "Bake bread" in titles() }
        hand.press("Undo")
        until { "Bake bread" !in titles() }
        hand.waitFor("It happened")
        hand.press("The next week")
        hand.waitFor("Nothing is planned. Nothing has to be.")
        hand.press("The week before")
        hand.waitFor("Bake bread")
    }

    @Test
    fun whatDidNotComeAboutIsMovedOnlyWhenSomebodyAsks() {
        open { phone.core.shelves[Kind.Plans].add(Item(mapOf(Slot.Title to "Library card", Slot.First to TODAY.minusDays(9).toString()))).done() }
        hand.waitFor("1 plan of the week before did not come about: Library card")
        hand.waitFor("Nothing is planned. Nothing has to be.")
        hand.press("Move them to this week")
        hand.press("It happened")
        until { "Library card" in titles() }
    }

    @Test
    fun whatComesBackCountsOnceSomebodySaysThatItHappened() {
        open { otter ->
            val swimming = mapOf(Slot.Title to "Swimming", Slot.Weekdays to "16", Slot.First to TODAY.minusDays(7).toString(), Slot.Minutes to "45")
            phone.core.shelves[Kind.Templates].add(Item(swimming, listOf(otter))).done()
        }
        val before = titles().count { it == "Swimming" }
        hand.waitFor("Fri 17 Apr 2026 · Otter · 45 min")
        hand.press("Not this time")
        hand.waitFor("Nothing comes back in this week that was not answered yet.")
        hand.press("Undo")
        hand.press("It happened")
        until { titles().count { it == "Swimming" } == before + 1 }
        hand.waitFor("Nothing comes back in this week that was not answered yet.")
    }

    @Test
    fun theSameAsLastWeekIsTwoTapsAndADraft() {
        open { otter -> phone.core.entries.create(TODAY.minusDays(7), "Chess club", setOf(otter), onRecord = true).done() }
        hand.press("Same as Fri 10 Apr 2026")
        hand.waitFor("1 draft made")
        assertEquals(listOf("Chess club"), runBlocking { phone.core.editing.drafts().done() }.map { it.title })
    }

    @Test
    fun whatComesBackIsTypedInAndANumberThatIsNoneIsSaidAtItsField() {
        open()
        hand.press("What comes back")
        hand.press("Add something that comes back")
        hand.type("What you call it", "Swimming")
        hand.press("Tuesday")
        hand.type("Every so many weeks, if not each week", "once")
        hand.press("Save")
        hand.waitFor("Type a whole number, 2 to 52, or leave it empty")
        hand.waitFor("Choose from when on it comes back")
    }
}
