package kinfolio.search

import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.hasAnyDescendant
import androidx.compose.ui.test.hasScrollToNodeAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onLast
import androidx.compose.ui.test.performScrollToNode
import androidx.compose.ui.text.font.FontWeight
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Slot
import kinfolio.done
import kinfolio.ui.App
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class SearchTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)

    @AfterTest
    fun close() = phone.close()

    private fun openSearch() {
        val device = phone.device()
        screen.setContent { App(device) }
        hand.press("Search")
    }

    private fun write(text: String) = runBlocking {
        val learner = phone.core.learners.list().done().first().id
        phone.core.entries.create(TODAY, text, setOf(learner), onRecord = true).done()
    }

    @Test
    fun searchFindsAWordWithoutItsAccentsAndMarksIt() {
        phone.fill()
        write("Playdate\nWe met Zoë at the pond")
        openSearch()
        hand.type("Search the whole record", "zoe")
        hand.waitFor("We met Zoë at the pond")
        hand.waitFor("1 thing found")
        val text = screen.onNode(hasText("We met Zoë", substring = true)).fetchSemanticsNode().config[SemanticsProperties.Text].single { "Zoë" in it.text }
        val bold = text.spanStyles.filter { it.item.fontWeight == FontWeight.Bold }.map { text.text.substring(it.start, it.end) }
        assertEquals(listOf("Zoë"), bold)
        hand.pressLast("We met Zoë")
        hand.waitFor("Only on this phone")
        hand.press("Back")
        hand.waitFor("1 thing found")
    }

    @Test
    fun whatIsTypedOnNarrowsWhatIsFoundUntilNothingIsLeft() {
        phone.fill()
        openSearch()
        hand.type("Search the whole record", "vol")
        hand.waitFor("Volcano with vinegar")
        hand.type("Search the whole record", "volcanoes on the moon")
        hand.waitFor("Nothing found. Try fewer words.")
        hand.press("Empty the field")
        hand.waitFor("Words from entries")
    }

    @Test
    fun whatIsMoreThanAPageIsSaidAndShownWhenAskedFor() {
        phone.fill()
        repeat(101) { write("Newt no. ${101 - it}") }
        openSearch()
        hand.type("Search the whole record", "newt")
        hand.waitFor("100 things shown, and there are more")
        val results = screen.onAllNodes(hasScrollToNodeAction()).onLast()
        results.performScrollToNode(hasText("Show more"))
        hand.press("Show more")
        hand.waitFor("101 things found")
        results.performScrollToNode(hasText("Newt no. 101", substring = true))
    }

    @Test
    fun aFoundThingThatIsNoEntryOpensItsOwnPage() {
        phone.fill()
        val things = mapOf(
            Kind.Reading to mapOf(Slot.Title to "Tadpole tales", Slot.Form to "book"),
            Kind.Goals to mapOf(Slot.Title to "Tadpole count", Slot.State to "open"),
            Kind.Trips to mapOf(Slot.Title to "Tadpole pond", Slot.First to TODAY.toString()),
            Kind.Providers to mapOf(Slot.Title to "Tadpole club", Slot.Form to "club"),
            Kind.Qualifications to mapOf(Slot.Title to "Tadpole badge"),
        )
        runBlocking { for ((kind, slots) in things) phone.core.shelves[kind].add(Item(slots)).done() }
        openSearch()
        hand.type("Search the whole record", "tadpole")
        for (slots in things.values) {
            hand.waitFor("5 things found")
            val title = slots.getValue(Slot.Title)
            screen.onNode(hasScrollToNodeAction() and hasAnyDescendant(hasText("Tadpole", substring = true))).performScrollToNode(hasText(title))
            hand.press(title)
            hand.waitFor("Move to Trash")
            screen.onNode(hasText(title) and hasSetTextAction()).assertExists()
            hand.press("Back")
        }
    }

    @Test
    fun aSearchThatFailsSaysSo() {
        phone.fill()
        openSearch()
        runBlocking { phone.core.close() }
        hand.type("Search the whole record", "vol")
        hand.waitFor("The search did not work. The record is locked.")
        hand.waitFor("Try again")
    }
}
