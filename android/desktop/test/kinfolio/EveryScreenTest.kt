package kinfolio

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isRoot
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.unit.dp
import java.nio.file.Path
import kinfolio.ui.App
import kinfolio.ui.family.account.AccountPage
import kinfolio.ui.family.phones.JoinPage
import kinfolio.ui.family.phones.PhonesPage
import kinfolio.ui.family.safety.SafetyPage
import kinfolio.ui.family.signin.RecoveryPage
import kinfolio.ui.family.signin.TurnOnPage
import kinfolio.ui.stage.Way
import kotlin.io.path.readText
import kotlin.io.path.walk
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.junit.Rule

/** What holds on every screen. */
class EveryScreenTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()

    @AfterTest
    fun close() = phone.close()

    @Test
    fun everyControlOfTheFirstRunHasANameAndRoomToTouch() {
        val device = phone.device()
        screen.setContent { App(device) }
        check("Save first entry", 8)
    }

    @Test
    fun everyControlOfTheTimelineAndOfTheSheetHasANameAndRoomToTouch() {
        phone.fill()
        val device = phone.device()
        screen.setContent { App(device) }
        check("April 2026", 4)
        screen.onNodeWithText("Add entry").performClick()
        check("Kept as you type", 6)
    }

    @Test
    fun everyControlOfThePagesAroundSyncHasANameAndRoomToTouch() {
        phone.fill()
        val device = phone.device()
        var way: Way? = null
        screen.setContent { App(device) { way = it } }
        check("April 2026", 4)
        val pages = listOf(
            Triple(SafetyPage, "Everything is only on this phone.", 4), Triple(TurnOnPage, "Sign in with the browser", 5),
            Triple(RecoveryPage, "Show the twelve words", 2), Triple(PhonesPage, "Join my family instead", 4),
            Triple(JoinPage, "Or the text that they sent you", 3), Triple(AccountPage, "Keep a copy on a server", 2),
        )
        for ((page, text, least) in pages) {
            screen.runOnUiThread { checkNotNull(way).open(page) }
            check(text, least)
        }
    }

    /** At least so many controls, once [text] is there. */
    private fun check(text: String, least: Int) {
        screen.waitUntil(10_000) { screen.onAllNodes(hasText(text)).fetchSemanticsNodes().isNotEmpty() }
        screen.waitForIdle()
        val controls = screen.onAllNodes(isRoot()).fetchSemanticsNodes().flatMap(::all)
            .filter { SemanticsActions.OnClick in it.config || SemanticsActions.SetText in it.config }
        assertTrue(controls.size >= least, "${controls.size} controls")
        val room = with(screen.density) { 48.dp.toPx() }
        for (control in controls) {
            val name = control.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty() +
                control.config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text }
            assertTrue(name.any(String::isNotBlank), "a control without a name: ${control.config}")
            val box = control.touchBoundsInRoot
            assertTrue(box.width >= room - 1 && box.height >= room - 1, "$name has too little room: $box")
        }
    }

    private fun all(node: SemanticsNode): List<SemanticsNode> = listOf(node) + node.children.flatMap(::all)

    @Test
    fun nothingBeyondTheBridgeImportsAGeneratedType() {
        val android = Path.of(System.getProperty("kinfolio.root")).resolve("android")
        val sources = listOf("ui", "desktop/src").flatMap { android.resolve(it).walk().filter { file -> file.toString().endsWith(".kt") }.toList() }
        assertTrue(sources.size > 10, "the sources were not found")
        assertEquals(emptyList(), sources.filter { "uniffi" in it.readText() })
    }
}
