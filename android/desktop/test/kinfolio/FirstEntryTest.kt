package kinfolio

import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.assertIsDisplayed
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onAllNodesWithText
import androidx.compose.ui.test.onNodeWithContentDescription
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.SemanticsMatcher
import java.nio.file.Files
import kinfolio.ui.App
import kinfolio.ui.Outside
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class FirstEntryTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()

    @AfterTest
    fun close() = phone.close()

    private fun waitFor(what: SemanticsMatcher) =
        screen.waitUntil(10_000) { screen.onAllNodes(what).fetchSemanticsNodes().isNotEmpty() }

    @Test
    fun fromFirstRunToTheTimelineAndANextEntry() {
        val device = phone.device()
        screen.setContent { App(device) }
        waitFor(hasText("Save first entry"))
        screen.onNodeWithText("Save first entry").performClick()
        screen.onNodeWithText("Type a nickname first").assertIsDisplayed()
        screen.onNodeWithText("Write a few words first").assertIsDisplayed()
        screen.onNodeWithContentDescription("Nickname").performTextInput("Hedgehog")
        screen.onNodeWithContentDescription("What did Hedgehog do today?").performTextInput("Volcano with vinegar\nThree tries.")
        screen.onNodeWithText("Save first entry").performClick()
        waitFor(hasContentDescription("Fri 17 Apr 2026. Volcano with vinegar. Hedgehog. Three tries.. Only on this phone"))
        screen.onNodeWithText("April 2026").assertIsDisplayed()
        screen.onNodeWithText("1 entry").assertIsDisplayed()
        screen.onNodeWithText("Add entry").performClick()
        waitFor(hasContentDescription("Hedgehog, selected"))
        screen.onNodeWithContentDescription("What happened?").performTextInput("Letter to Gran")
        screen.onNodeWithText("Save").performClick()
        waitFor(hasContentDescription("Letter to Gran", substring = true))
        screen.onNodeWithText("2 entries").assertIsDisplayed()
    }

    @Test
    fun aSampleFamilyIsLookedAroundInAndLeavesNothing() {
        val folder = Files.createTempDirectory("kinfolio-sample").toFile()
        phone.outside = Outside(throwaway = { folder })
        val device = phone.device()
        screen.setContent { App(device) }
        val hand = Hand(screen)
        hand.press("Look around with a sample family")
        hand.waitFor("A sample family. Nothing that you do here is kept.")
        hand.waitFor("Change at the market")
        assertTrue(folder.walk().any { it.isFile } && folder.walk().none { it.isFile && "market" in it.readText(Charsets.ISO_8859_1) })
        hand.press("Learners")
        hand.press("Badger")
        hand.waitFor("Hours noted")
        hand.press("Begin your own")
        hand.waitFor("Who is learning?")
        screen.waitUntil(30_000) { !folder.exists() }
        assertEquals(0, runBlocking { phone.core.learners.list().done() }.size)
    }

    @Test
    fun whatWasTypedStandsThereAgainAfterTheAppWasEnded() {
        phone.fill()
        var device by mutableStateOf(phone.device())
        screen.setContent { key(device) { App(device) } }
        waitFor(hasText("Add entry"))
        screen.onNodeWithText("Add entry").performClick()
        waitFor(hasContentDescription("Otter"))
        screen.onNodeWithContentDescription("What happened?").performTextInput("Half a sent")
        // Nobody has saved it: it is a draft a moment later.
        screen.waitUntil(10_000) { runBlocking { phone.core.entries.draft().done() }?.title == "Half a sent" }
        device = phone.device(core = phone.open())
        waitFor(hasText("Add entry"))
        screen.onNodeWithText("Add entry").performClick()
        waitFor(hasText("Half a sent"))
        screen.onNodeWithText("Save").performClick()
        screen.onNodeWithText("Choose who it is for").assertIsDisplayed()
        screen.onNode(hasContentDescription("Otter") and hasAnyAncestor(isDialog())).performClick()
        screen.onNodeWithText("Save").performClick()
        waitFor(hasContentDescription("Half a sent", substring = true))
        assertEquals(null, runBlocking { phone.core.entries.draft().done() }, "the draft is the entry")
    }

    @Test
    fun theTimelineIsNarrowedToOneLearner() {
        phone.fill()
        val device = phone.device()
        screen.setContent { App(device) }
        waitFor(hasContentDescription("Swimming", substring = true))
        screen.onNodeWithContentDescription("Otter").performClick()
        waitFor(hasContentDescription("Otter, selected"))
        screen.waitUntil(10_000) { screen.onAllNodes(hasContentDescription("Swimming", substring = true)).fetchSemanticsNodes().isEmpty() }
        assertEquals(0, screen.onAllNodesWithText("March 2026").fetchSemanticsNodes().size)
        screen.onNodeWithText("3 entries").assertIsDisplayed()
    }
}
