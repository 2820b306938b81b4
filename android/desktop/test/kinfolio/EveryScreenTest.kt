package kinfolio

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.semantics.getOrNull
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.isRoot
import java.nio.file.Path
import kinfolio.screens.GALLERY
import kinfolio.screens.Pictured
import kinfolio.screens.Variant
import kinfolio.screens.leastContrast
import kinfolio.screens.picture
import kinfolio.screens.show
import kotlin.io.path.readText
import kotlin.io.path.walk
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

/** What a finger needs, in dp; the pictures have one pixel for each. */
private const val ROOM = 48f

/** What WCAG asks of text. */
private const val CONTRAST = 4.5

/** What holds on every screen, in every state that the gallery has. */
@OptIn(ExperimentalTestApi::class)
class EveryScreenTest {
    @Test
    fun everyControlOfEveryScreenHasANameARoleAndRoomToTouchAndEveryTextStandsOut() = onEach(Variant.Light) { faults ->
        val window = window()
        for (control in window.filter(::isControl)) {
            val name = named(control)
            if (name.isBlank()) faults += "a control without a name: ${control.config}"
            val hasRole = SemanticsProperties.Role in control.config || SemanticsActions.SetText in control.config
            if (!hasRole) faults += "$name: no role"
            // What is scrolled half out of sight has its own size still.
            val (box, size) = control.touchBoundsInRoot to control.size
            val (width, height) = maxOf(box.width, size.width.toFloat()) to maxOf(box.height, size.height.toFloat())
            if (width < ROOM - 1 || height < ROOM - 1) faults += "$name has too little room: $width by $height"
        }
        val picture = picture()
        for (text in window.filter(::isWritten)) {
            val contrast = leastContrast(picture, text.boundsInRoot) ?: continue
            if (contrast < CONTRAST) faults += "${named(text)}: contrast $contrast"
        }
    }

    @Test
    fun nothingIsWiderThanANarrowPhoneWithTwiceTheText() = onEach(Variant.LargeAndNarrow) { faults ->
        for (node in window().filter { isWritten(it) || isControl(it) }) {
            val box = node.boundsInRoot
            val whole = node.size.width
            if (box.width > 0 && whole > Variant.LargeAndNarrow.width) faults += "${named(node)} is $whole wide"
        }
    }

    @Test
    fun nothingBeyondTheBridgeImportsAGeneratedType() {
        val android = Path.of(System.getProperty("kinfolio.root")).resolve("android")
        val sources = listOf("ui", "desktop/src").flatMap { android.resolve(it).walk().filter { file -> file.toString().endsWith(".kt") }.toList() }
        assertTrue(sources.size > 10, "the sources were not found")
        assertEquals(emptyList(), sources.filter { "uniffi" in it.readText() })
    }

    private fun onEach(variant: Variant, look: ComposeUiTest.(MutableList<String>) -> Unit) {
        val faults = ArrayList<String>()
        for (of in GALLERY) show(of, variant) { faultsOf(of, look).mapTo(faults) { "${of.name}: $it" } }
        assertTrue(GALLERY.size >= 10, "the gallery is empty")
        assertEquals(emptyList<String>(), faults, faults.joinToString("\n"))
    }

    private fun ComposeUiTest.faultsOf(of: Pictured, look: ComposeUiTest.(MutableList<String>) -> Unit) = ArrayList<String>().also {
        look(it)
        assertTrue(window().any(::isControl), "${of.name} has no controls")
    }

    /** All of the topmost window: of a sheet, where one is open. */
    private fun ComposeUiTest.window(): List<SemanticsNode> = all(onAllNodes(isRoot()).fetchSemanticsNodes().last())

    private fun all(node: SemanticsNode): List<SemanticsNode> = listOf(node) + node.children.flatMap(::all)

    private fun isControl(node: SemanticsNode) = SemanticsActions.OnClick in node.config || SemanticsActions.SetText in node.config

    private fun isWritten(node: SemanticsNode) = SemanticsProperties.Text in node.config && named(node).any(Char::isLetter)

    private fun named(node: SemanticsNode): String =
        (node.config.getOrNull(SemanticsProperties.ContentDescription).orEmpty() + node.config.getOrNull(SemanticsProperties.Text).orEmpty().map { it.text })
            .joinToString(" ")
}
