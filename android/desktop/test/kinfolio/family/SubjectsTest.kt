package kinfolio.family

import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import kinfolio.Hand
import kinfolio.TestPhone
import kinfolio.bridge.Subject
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.family.subjects.SubjectsPage
import kinfolio.ui.stage.Place
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class SubjectsTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)
    private val sheet = Hand(screen, isDialog())

    @AfterTest
    fun close() = phone.close()

    private fun subjects(): List<Subject> = runBlocking { phone.core.subjects.list().done() }

    private fun names() = subjects().map { it.name }

    private fun until(what: () -> Boolean) = screen.waitUntil(20_000) { what() }

    private fun open(vararg names: String) {
        phone.fill()
        runBlocking { names.forEach { phone.core.subjects.add(it).done() } }
        val device = phone.device()
        screen.setContent {
            App(device) {
                it.go(Place.Family)
                it.open(SubjectsPage)
            }
        }
    }

    @Test
    fun aSubjectIsAddedRenamedMarkedAndMoved() {
        open("Science")
        hand.press("Add subject")
        hand.press("Save")
        hand.waitFor("Name of the subject")
        hand.type("Name of the subject", "Garden")
        hand.press("Save")
        hand.waitFor("Lists to begin with")
        hand.press("Garden")
        hand.press("Core subject")
        until { subjects().single { it.name == "Garden" }.isCore }
        hand.press("Move up")
        until { names() == listOf("Garden", "Science") }
        hand.waitFor("1 of 2 in the list")
        hand.press("Hide")
        until { subjects().first().isHidden }
        hand.type("Name of the subject", "Gardening")
        hand.press("Save")
        until { names().first() == "Gardening" }
        hand.waitFor("Core · Hidden")
    }

    @Test
    fun aNameThatIsEmptyIsSaidAtItsField() {
        open()
        hand.press("Add subject")
        hand.press("Save")
        hand.waitFor("is empty: type one")
        assertEquals(emptyList(), names())
        hand.waitFor("Name of the subject")
    }

    @Test
    fun aSubjectThatBecomesPartOfAnotherAndOneThatLeavesComeBackByUndo() {
        open("Science", "Nature", "Art")
        hand.press("Nature")
        hand.press("Make part of another")
        sheet.press("Science")
        until { names() == listOf("Science", "Art") }
        hand.press("Undo")
        until { names() == listOf("Science", "Nature", "Art") }
        hand.press("Art")
        hand.press("Take off the list")
        until { names() == listOf("Science", "Nature") }
        hand.press("Undo")
        until { "Art" in names() }
    }

    @Test
    fun aSubjectThatAnotherPhoneTookOffIsSaidToBeGone() {
        open("Science")
        hand.press("Science")
        hand.waitFor("Take off the list")
        runBlocking { phone.core.subjects.remove(subjects().single().id).done() }
        hand.waitFor("This subject was taken off the list, or became part of another.")
    }

    @Test
    fun aListToBeginWithIsAddedOnce() {
        open()
        hand.press("Early years, England")
        hand.waitFor("7 subjects added")
        hand.press("Early years, England")
        hand.waitFor("0 subjects added")
        assertEquals(7, names().size)
    }
}
