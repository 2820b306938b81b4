package kinfolio.family

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.graphics.toPixelMap
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.text.TextLayoutResult
import java.nio.file.Files
import kinfolio.Hand
import kinfolio.TestPhone
import kinfolio.desktop.FileMemos
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.stage.Place
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.junit.Rule

class ComfortTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)
    private val folder = Files.createTempDirectory("kinfolio-memos")
    private var device by mutableStateOf(device())

    @BeforeTest
    fun open() {
        phone.fill()
        screen.setContent { App(device) { it.go(Place.Family) } }
    }

    @AfterTest
    fun close() {
        phone.close()
        folder.toFile().deleteRecursively()
    }

    /** As after the app was ended: what is left is what lies in the folder. */
    private fun device() = phone.device(outside = Outside(memos = FileMemos(folder)))

    private fun restart() {
        device = device()
        hand.waitFor("Phones and people")
    }

    private fun ground(): Int = screen.onRoot().captureToImage().toPixelMap()[2, 2].value.let { (it shr 32).toInt() }

    private fun lineHeight(): Float {
        val found = ArrayList<TextLayoutResult>()
        hand.waitFor("Phones and people")
        screen.onNodeWithText("Phones and people", useUnmergedTree = true).performSemanticsAction(SemanticsActions.GetTextLayoutResult) { it(found) }
        return found.single().layoutInput.style.lineHeight.value
    }

    @Test
    fun themeLettersAndSpacingAreSeenAtOnceAndStayAfterARestart() {
        hand.waitFor("Look and comfort")
        assertEquals(0xFFFBF6EC.toInt(), ground())
        val before = lineHeight()
        hand.press("Look and comfort")
        hand.press("Cream")
        screen.waitUntil(30_000) { ground() == 0xFFF5E9CF.toInt() }
        hand.press("Literata")
        hand.press("Wider")
        hand.press("Less movement")
        restart()
        screen.waitUntil(30_000) { ground() == 0xFFF5E9CF.toInt() }
        assertTrue(lineHeight() > before * 1.25f)
        val kept = device.comfort.state.value
        assertEquals(kinfolio.ui.look.Comfort(kinfolio.ui.look.Look.Cream, kinfolio.ui.look.Letters.Book, kinfolio.ui.look.Spacing.Wider, true), kept)
        // The phone's own look again.
        hand.press("Look and comfort")
        hand.press("Follow the phone")
        screen.waitUntil(30_000) { ground() == 0xFFFBF6EC.toInt() }
    }
}
