package kinfolio.shelf

import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Shelved
import kinfolio.bridge.Slot
import kinfolio.bridge.SlotForm
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

class ShelfTest {
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

    private fun kept(kind: Kind): List<Shelved> = runBlocking { phone.core.shelves[kind].list().done() }

    private fun nickname(id: String) = runBlocking { phone.core.learners.list().done() }.single { it.id == id }.nickname

    /** Waits until the record says so. */
    private fun waitUntil(kind: Kind, what: (List<Shelved>) -> Boolean) = screen.waitUntil(30_000) { what(kept(kind)) }

    @Test
    fun aBookIsNotedForALearnerAndFinished() {
        hand.press("Otter")
        hand.press("Reading log")
        hand.press("Add a book")
        hand.press("Save")
        hand.waitFor("Type a title first")
        hand.type("Title", "Owl Babies")
        hand.type("Author", "Martin Waddell")
        hand.press("Read aloud")
        hand.press("Save")
        hand.waitFor("Books and other materials")
        hand.press("Owl Babies")
        hand.press("Finished: No day")
        Hand(screen, isDialog()).press("Today")
        hand.press("Save")
        hand.waitFor("Martin Waddell · Finished Fri 17 Apr 2026 · Otter")
        val book = kept(Kind.Reading).single().item
        assertEquals(listOf("aloud", TODAY.toString()), listOf(book[Slot.How], book[Slot.Finished]))
        assertEquals(listOf("Otter"), book.learners.map(::nickname))
    }

    @Test
    fun aGoalIsDoneTodayAndUnderWayAgainWithoutADay() {
        hand.press("Goals")
        hand.press("Add a goal")
        hand.type("What you mean to do", "Swim a length")
        hand.press("Save")
        hand.waitFor("A goal may change")
        hand.press("Swim a length")
        hand.press("Done")
        hand.press("Save")
        hand.waitFor("Done · Ended on Fri 17 Apr 2026")
        assertEquals("done" to TODAY.toString(), kept(Kind.Goals).single().item.let { it[Slot.State] to it[Slot.Ended] })
        hand.press("Swim a length")
        hand.press("Under way")
        hand.press("Save")
        waitUntil(Kind.Goals) { it.single().item.let { goal -> goal[Slot.State] == "open" && goal[Slot.Ended].isEmpty() } }
    }

    @Test
    fun whatWasTypedIsKeptWhenItsPageIsLeftAlsoWithoutATitle() {
        hand.press("Reading log")
        hand.press("Add a book")
        hand.type("Author", "Somebody whose book I forgot")
        hand.press("Back")
        hand.press("Without a title")
        hand.type("Title", "Found it")
        hand.press("Back")
        hand.waitFor("Found it")
        hand.press("Add a book")
        hand.waitFor("Author")
        hand.press("Back")
        hand.waitFor("Found it")
        assertEquals(listOf("Found it"), kept(Kind.Reading).map { it.item[Slot.Title] })
    }

    @Test
    fun whatGoesIntoTheTrashIsBackWithUndo() {
        runBlocking { phone.core.shelves[Kind.Trips].add(Item(mapOf(Slot.Title to "The old mine", Slot.First to TODAY.toString()))).done() }
        hand.press("Trips")
        hand.press("The old mine")
        hand.press("Move to Trash")
        hand.waitFor("Nothing is noted here yet.")
        hand.press("Undo")
        hand.waitFor("The old mine")
    }

    @Test
    fun aLetterIsDueUntilItIsAnsweredAndItsPhotosStandInADraft() {
        val shelf = phone.core.shelves[Kind.Letters]
        hand.press("Letters")
        hand.press("Add a letter")
        hand.type("From or to whom", "The council")
        hand.type("What it is about", "Yearly enquiry")
        hand.press("Answer by: No day")
        Hand(screen, isDialog()).press("Today")
        hand.press("Photos or a file of it")
        waitUntil(Kind.Letters) { it.singleOrNull()?.item?.get(Slot.Scans)?.isNotEmpty() == true }
        hand.waitFor("More about it")
        hand.press("Back")
        hand.waitFor("Answer by")
        hand.press("Save")
        hand.waitFor("Add a letter")
        val came = kept(Kind.Letters).single()
        assertTrue(came.item[Slot.AnswerBy].isNotEmpty() && came.item[Slot.Scans].isNotEmpty(), "${came.item}")
        val sent = runBlocking { shelf.add(Item(mapOf(Slot.Sent to "yes", Slot.Title to "The council", Slot.About to "Our report", Slot.First to TODAY.toString()))).done() }
        hand.press("Yearly enquiry")
        hand.press("Our report")
        hand.press("Save")
        screen.waitUntil(20_000) { runBlocking { shelf.open(came.id).done() }.item[Slot.Answer] == sent.id }
    }

    @Test
    fun everyKindKeepsWhatIsTypedIntoEachOfItsSlots() {
        runBlocking { phone.core.shelves.unlock().done() }
        val answer = runBlocking { phone.core.shelves[Kind.Letters].add(Item(mapOf(Slot.Title to "The council", Slot.First to TODAY.toString()))).done() }.id
        val scans = runBlocking { phone.core.entries.create(TODAY, "A letter", emptySet(), onRecord = false).done() }.id
        for (kind in Kind.entries) {
            val full = kind.slots.fold(Item()) { item, slot ->
                item.with(slot, when (slot.form) {
                    SlotForm.Day -> TODAY.toString()
                    SlotForm.Choice -> kind.choices(slot).last()
                    SlotForm.Number, SlotForm.Hours -> "45"
                    SlotForm.Weekdays -> "3"
                    SlotForm.Yes -> "yes"
                    SlotForm.Other -> answer
                    SlotForm.Pages -> scans
                    else -> "$kind $slot"
                })
            }
            val shelf = phone.core.shelves[kind]
            val blank = kind.slots.filter { it in kind.needs }.fold(Item()) { item, slot -> item.with(slot, full[slot]) }
            val open = runBlocking { shelf.add(blank).done() }
            assertEquals(blank, open.item, "$kind")
            assertEquals(full, runBlocking { shelf.save(open, full).done() }.item, "$kind")
        }
    }

    @Test
    fun needsAndAssessmentsAreAskedForByThemselvesAndLockedAgainWhenTheirPageIsLeft() {
        hand.press("Needs and assessments")
        hand.waitFor("This phone has no PIN for Kinfolio")
        hand.press("Show them")
        hand.press("What a learner needs")
        hand.press("Add a note")
        hand.type("What it is about", "Hearing")
        hand.press("Save")
        hand.waitFor("Special needs, and how they are met.")
        waitUntil(Kind.Needs) { it.size == 1 }
        hand.press("Back")
        hand.press("Back")
        hand.waitFor("More to note")
        screen.waitUntil(20_000) { phone.core.shelves.find(Kind.Needs) == null }
        hand.press("Needs and assessments")
        hand.waitFor("Show them")
        assertEquals(0, runBlocking { phone.core.finding.search("Hearing").done() }.let { it.entries.size + it.things.size })
    }
}
