package kinfolio.screens

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.isRoot
import androidx.compose.ui.test.runDesktopComposeUiTest
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.unit.Density
import androidx.compose.ui.unit.LayoutDirection
import kinfolio.TestPhone
import kinfolio.ui.App
import kinfolio.ui.family.lock.Guarded
import kinfolio.ui.look.Look

/** A way in which every screen has to look right. */
enum class Variant(val look: Look = Look.Light, val width: Int = 411, val fontScale: Float = 1f, val direction: LayoutDirection = LayoutDirection.Ltr) {
    Light,
    Cream(Look.Cream),
    Dark(Look.Dark),
    LargeText(fontScale = 2f),
    RightToLeft(direction = LayoutDirection.Rtl),
    Narrow(width = 320),
    LargeAndNarrow(width = 320, fontScale = 2f),
    Wide(width = 900),
}

private const val HEIGHT = 891

/** Brings a screen up, then looks at it. */
@OptIn(ExperimentalTestApi::class)
fun show(of: Pictured, variant: Variant, look: ComposeUiTest.() -> Unit) = TestPhone().use { phone ->
    of.fill(phone)
    val device = phone.device(variant.look)
    runDesktopComposeUiTest(variant.width, HEIGHT) {
        setContent {
            As(variant) {
                val guard = device.outside.guard
                val comfort = { device.comfort.state.value }
                if (guard == null) App(device) { of.way(it, phone) }
                else Guarded(guard, device.words, device.faces, device.look, comfort) { App(device) { of.way(it, phone) } }
            }
        }
        val seen = hasText(of.text, substring = true) or hasContentDescription(of.text, substring = true)
        waitUntil("${of.name} shows “${of.text}”", 20_000) { onAllNodes(seen).fetchSemanticsNodes().isNotEmpty() }
        of.act(this, phone)
        waitForIdle()
        look()
    }
}

@Composable
private fun As(variant: Variant, content: @Composable () -> Unit) = CompositionLocalProvider(
    LocalDensity provides Density(1f, variant.fontScale),
    LocalLayoutDirection provides variant.direction,
    content = content,
)

/** What is on the screen, sheets included. */
@OptIn(ExperimentalTestApi::class)
fun ComposeUiTest.picture(): ImageBitmap = onAllNodes(isRoot()).let { it[it.fetchSemanticsNodes().lastIndex] }.captureToImage()
