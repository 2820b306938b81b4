package kinfolio.timeline

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasScrollToNodeAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.performScrollToNode
import java.util.concurrent.atomic.AtomicBoolean
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.bridge.Wanted
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.timeline.TimelineModel
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class TimelineTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)

    @AfterTest
    fun close() = phone.close()

    private fun open() {
        val device = phone.device()
        screen.setContent { App(device) }
    }

    private fun scrollTo(text: String) {
        screen.waitUntil("“$text” comes", 30_000) {
            runCatching { screen.onNode(hasScrollToNodeAction()).performScrollToNode(hasContentDescription(text, substring = true) or hasText(text, substring = true)) }.isSuccess
        }
    }

    @Test
    fun whoComesBackFromAnEntryFindsTheListWhereItWas() {
        phone.fillMany()
        open()
        hand.waitFor("Day 0.")
        scrollTo("Day 70.")
        hand.press("Day 70.")
        hand.waitFor("Only on Hedgehog’s pages")
        hand.press("Back")
        hand.waitFor("Day 70.")
        assertEquals(false, hand.isThere("Day 0."))
    }

    @Test
    fun aRowIsStarredAndMovedToTheTrashByItsOwnActionsAndUndone() {
        phone.fill()
        open()
        act("Swimming", "Star")
        hand.waitFor("Swimming. Starred")
        act("Swimming", "Move to Trash")
        hand.waitFor("Entry moved to Trash")
        screen.waitUntil(20_000) { runBlocking { phone.core.trash.list().done() }.size == 1 }
        hand.press("Undo")
        hand.waitFor("Swimming. Starred")
    }

    private fun act(row: String, name: String) {
        scrollTo(row)
        val node = screen.onNode(hasContentDescription(row, substring = true)).fetchSemanticsNode()
        val action = node.config[SemanticsActions.CustomActions].single { it.label == name }
        screen.runOnIdle { action.action() }
    }

    @Test
    fun amongHundredsOfEntriesAFilterAndAMonthLeadToTheOneThatIsLookedFor() {
        phone.fillMany()
        runBlocking {
            val id = phone.core.entries.timeline(Wanted(), null, 500).done().entries.single { it.title == "Day 300" }.id
            phone.core.entries.star(id, true).done()
        }
        open()
        hand.waitFor("Day 0.")
        hand.press("Other lists")
        hand.press("Go to a month")
        hand.press("May 2025")
        hand.waitFor("Day 321.")
        assertEquals(false, hand.isThere("Day 0."))
        hand.press("Filters")
        hand.press("With a star")
        hand.press("Save these filters")
        hand.press("Save")
        hand.waitFor("Type a name first")
        hand.type("Name of the filter", "Best days")
        hand.press("Save")
        hand.waitFor("Rename: Best days")
        hand.press("Close")
        hand.waitFor("Day 300. Starred")
        hand.waitFor("1 filter on")
        assertEquals(false, hand.isThere("Day 321."))
        hand.press("Clear filters")
        hand.waitFor("Day 0.")
        hand.press("Filters")
        hand.press("Rename: Best days")
        hand.type("Name of the filter", "Starred days")
        hand.press("Save")
        hand.waitFor("Rename: Starred days")
        hand.press("Remove: Starred days")
        screen.waitUntil(20_000) { runBlocking { phone.core.savedFilters.list().done() }.isEmpty() }
        hand.press("Close")
        hand.press("Undo")
        screen.waitUntil(20_000) { runBlocking { phone.core.savedFilters.list().done() }.singleOrNull()?.name == "Starred days" }
    }

    @Test
    fun aSavedFilterIsUsedAndWhereNothingIsLeftTheWayBackStandsThere() {
        phone.fill()
        runBlocking { phone.core.savedFilters.add("Photos", Wanted(withPhoto = true)).done() }
        open()
        hand.press("Filters")
        hand.press("Photos")
        hand.press("Close")
        hand.waitFor("Nothing found. Try fewer words.")
        hand.pressLast("Clear filters")
        hand.waitFor("Volcano with vinegar")
    }

    @Test
    fun draftsAndTheTrashAreReachedFromTheTimeline() {
        phone.fill()
        open()
        hand.press("Other lists")
        hand.press("Drafts")
        hand.waitFor("There are no drafts.")
        hand.press("Back")
        hand.press("Other lists")
        hand.press("Trash")
        hand.waitFor("Nothing is in the Trash.")
    }

    @Test
    fun aStretchThatDidNotComeSaysSoAtTheEndOfTheList() {
        phone.fillMany()
        open()
        hand.waitFor("Day 0.")
        runBlocking { phone.core.close() }
        scrollTo("The next entries did not come. The record is locked.")
    }

    @Test
    fun aListThatFailedToLoadSaysSoAndLoadsAgain() = runBlocking {
        phone.fillMany()
        val fails = AtomicBoolean(true)
        val scope = CoroutineScope(Dispatchers.Default)
        val model = TimelineModel(phone.core, scope) { wanted: Wanted, after, limit ->
            if (fails.get()) Outcome.Failed(Problem.Fault("The disk did not answer.")) else phone.core.entries.timeline(wanted, after, limit)
        }
        model.load()
        model.state.first { it.hasFailed }
        fails.set(false)
        model.load()
        val first = model.state.first { it.rows.isNotEmpty() }
        assertEquals(false, first.hasFailed)
        fails.set(true)
        screen.waitUntil(20_000) { model.more(); model.state.value.moreFailed == "The disk did not answer." }
        assertEquals(first.rows, model.state.value.rows, "what was there stays")
        fails.set(false)
        screen.waitUntil(20_000) { model.more(); model.state.value.rows.size > first.rows.size }
        assertEquals(null, model.state.value.moreFailed)
        scope.cancel()
    }
}

/** Four hundred days with an entry each; every fourth is Otter's. */
internal fun TestPhone.fillMany() = runBlocking {
    fill()
    val (hedgehog, otter) = core.learners.list().done()
    for (at in 0..399) {
        val learner = if (at % 4 == 0) otter else hedgehog
        core.entries.create(TODAY.minusDays(at.toLong()), "Day $at", setOf(learner.id), onRecord = true).done()
    }
}
