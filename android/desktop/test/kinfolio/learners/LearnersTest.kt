package kinfolio.learners

import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Slot
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.stage.Place
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class LearnersTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)

    @BeforeTest
    fun open() {
        phone.fill()
        val device = phone.device()
        screen.setContent { App(device) { it.go(Place.Learners) } }
        hand.waitFor("Hedgehog")
    }

    @AfterTest
    fun close() = phone.close()

    private fun nicknames(): List<String> = runBlocking { phone.core.learners.list().done() }.map { it.nickname }

    @Test
    fun aLearnerIsAddedAndRenamedAndANicknameIsAskedForNextToItsField() {
        hand.press("Add a learner")
        hand.press("Save")
        hand.waitFor("Type a nickname first")
        hand.type("Nickname", "Owl")
        hand.press("🦉")
        hand.press("Slate")
        hand.press("Save")
        // The list, with the others on it.
        hand.waitFor("Otter")
        hand.press("Owl")
        hand.press("Change name, picture or colour")
        hand.waitFor("Owl")
        hand.type("Nickname", "Little Owl")
        hand.press("Save")
        // The page, the list behind it, and the record.
        hand.waitFor("Little Owl")
        hand.press("Back")
        hand.waitFor("Little Owl")
        assertEquals(listOf("Hedgehog", "Otter", "Little Owl"), nicknames())
        val owl = runBlocking { phone.core.learners.list().done() }.last()
        assertEquals("🦉" to "#4e5a66", owl.emoji to owl.colour)
    }

    @Test
    fun whoIsArchivedStaysAndIsNoLongerOffered() {
        hand.press("Otter")
        hand.press("Archive")
        hand.waitFor("Offer for new entries again")
        hand.press("Back")
        hand.waitFor("No longer offered for new entries.")
        assertTrue(runBlocking { phone.core.learners.list().done() }.single { it.nickname == "Otter" }.archived)
        hand.press("Timeline")
        hand.press("Add entry")
        val sheet = Hand(screen, isDialog())
        sheet.waitFor("Hedgehog")
        assertTrue(!sheet.isThere("Otter"))
    }

    @Test
    fun removingSaysWhatGoesAndCanBeTakenBack() {
        hand.press("Otter")
        hand.press("Remove this learner")
        val question = Hand(screen, isDialog())
        question.waitFor("1 entry is only theirs, and goes into the trash.")
        question.waitFor("2 shared entries stay with the others, without this learner.")
        question.press("Remove")
        hand.waitFor("Otter removed")
        hand.waitFor("Can be brought back for 30 days")
        assertEquals(listOf("Hedgehog"), nicknames())
        hand.press("Undo")
        screen.waitUntil(30_000) { nicknames().size == 2 }
        assertTrue(runBlocking { phone.core.entries.timeline(kinfolio.bridge.Wanted(), null, 10).done() }.entries.size == 4)
    }

    @Test
    fun whoIsTheSameChildBecomesOneAndTwoAgain() {
        hand.press("Otter")
        hand.press("The same child as another")
        val dialog = Hand(screen, isDialog())
        dialog.press("Hedgehog")
        dialog.waitFor("Everything of Otter will be Hedgehog’s.")
        dialog.press("Make them one")
        hand.waitFor("Is the same as Hedgehog.")
        assertEquals(listOf("Hedgehog"), nicknames())
        hand.press("Bring back")
        screen.waitUntil(30_000) { nicknames().size == 2 }
    }

    @Test
    fun aLearnerMovesUpTheListAndANicknameThatIsThereAlreadyIsTold() {
        hand.press("Otter")
        hand.waitFor("2 of 2 in the list")
        hand.press("Move up")
        hand.waitFor("1 of 2 in the list")
        assertEquals(listOf("Otter", "Hedgehog"), nicknames())
        hand.press("Back")
        hand.press("Add a learner")
        hand.type("Nickname", "otter ")
        hand.waitFor("There is another otter.")
        hand.press("Save")
        hand.waitFor("Hedgehog")
        screen.waitUntil(30_000) { nicknames().size == 3 }
    }

    @Test
    fun aYearGroupIsChosenAndGoesUpWithTheFamilysYear() {
        hand.press("Hedgehog")
        hand.press("Year group")
        hand.waitFor("Each year on 1 September")
        hand.press("US")
        hand.press("Grade 3")
        hand.press("Back")
        hand.waitFor("Grade 3")
        val id = runBlocking { phone.core.learners.list().done() }.first().id
        fun on(day: String) = runBlocking { phone.core.learners.groupOf(id, java.time.LocalDate.parse(day)).done() }
        assertEquals(listOf("Grade 3", "Grade 4"), listOf(on("2026-08-31"), on("2026-09-01")))
        hand.press("Year group")
        hand.press("Goes up by itself")
        screen.waitUntil(30_000) { on("2026-09-01") == "Grade 3" }
        hand.press("None")
        screen.waitUntil(30_000) { on("2026-04-17") == null }
    }

    @Test
    fun aTargetStandsBesideWhatWasNotedAndEachTermHasItsNumbers() {
        runBlocking {
            val hedgehog = phone.core.learners.list().done().first().id
            val open = phone.core.editing.open(phone.core.entries.create(TODAY, "A walk", setOf(hedgehog), onRecord = true).done().id).done()
            phone.core.editing.save(open, open.written.copy(minutes = 90)).done()
            val target = mapOf(Slot.First to "2025-09-01", Slot.DaysCount to "180", Slot.Hours to "900.5")
            phone.core.shelves[Kind.Targets].add(Item(target, listOf(hedgehog))).done()
        }
        hand.press("Hedgehog")
        hand.waitFor("Days: 3 of 180")
        hand.waitFor("Hours: 1 h 30 min of 900 h 30 min")
        hand.waitFor("A week on average")
        hand.press("Term by term")
        hand.waitFor("3 entries, 1 h 30 min, over 2 days")
        hand.waitFor("Nothing noted in this time.")
    }

    @Test
    fun aLearnersPageTellsWhatWasNotedInBarsAndAsATable() {
        hand.press("Hedgehog")
        hand.waitFor("over 3 days")
        hand.waitFor("No time was noted, only entries.")
        hand.waitFor("No subject: 3 entries, 0 h")
        hand.press("Show as table")
        hand.waitFor("Show as bars")
        hand.waitFor("Entries")
        // The month of the day that it is: one entry lies before it.
        hand.press("Choose")
        hand.waitFor("over 2 days")
    }
}
