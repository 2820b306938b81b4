package kinfolio.timeline

import androidx.compose.ui.input.key.Key
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isRoot
import androidx.compose.ui.test.performKeyInput
import androidx.compose.ui.test.pressKey
import androidx.compose.ui.test.withKeyDown
import kinfolio.screens.Pictured
import kinfolio.screens.Variant
import kinfolio.screens.press
import kinfolio.screens.show
import kotlin.test.Test

@OptIn(ExperimentalTestApi::class)
class WideTest {
    private fun ComposeUiTest.reads(text: String) =
        onAllNodes(hasText(text, substring = true) or hasContentDescription(text, substring = true)).fetchSemanticsNodes().isNotEmpty()

    private fun ComposeUiTest.ctrl(key: Key) = onAllNodes(isRoot())[0].performKeyInput { withKeyDown(Key.CtrlLeft) { pressKey(key) } }

    @Test
    fun inAWideWindowWhatIsOpenedStandsBesideTheListAndOneFollowsTheOther() = show(Pictured("timeline", "April 2026"), Variant.Wide) {
        check(reads("Choose an entry from the list."))
        press("Fri 17 Apr 2026. Counting change at the market. Otter. Six eggs, paid in coins. She checked the change.. Only on this phone", "What happened?")
        check(reads("April 2026")) { "the list stays" }
        press("Sat 28 Mar 2026. Swimming. Hedgehog. Two lengths without the float.. Only on this phone", "What happened?")
        press("Back", "Choose an entry from the list.")
    }

    @Test
    fun ctrlNBringsUpANewEntryAndCtrlFTheSearch() = show(Pictured("timeline", "April 2026"), Variant.Wide) {
        ctrl(Key.F)
        waitUntil("the search is there", 10_000) { reads("Search the whole record") }
        ctrl(Key.N)
        waitUntil("the sheet is there", 10_000) { reads("Kept as you type") }
    }
}
