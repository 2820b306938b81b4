package kinfolio

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.ComposeTimeoutException
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.ComposeContentTestRule
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextReplacement
import androidx.compose.ui.test.hasAnyAncestor

/** What is done on a screen by who looks at it. [within] is the part of the window that is looked at. */
class Hand(private val screen: ComposeContentTestRule, private val within: SemanticsMatcher? = null) {
    private fun of(what: SemanticsMatcher) = within?.let { what and hasAnyAncestor(it) } ?: what

    fun isThere(text: String): Boolean = screen.onAllNodes(of(reads(text))).fetchSemanticsNodes().isNotEmpty()

    /** Waits until this is read somewhere. */
    fun waitFor(text: String) = try {
        screen.waitUntil("“$text” is read", WAIT_MS) { isThere(text) }
    } catch (late: ComposeTimeoutException) {
        throw AssertionError("“$text” is not read, but ${texts(screen)}", late)
    }

    /** Presses what is called so, once it is there. */
    fun press(text: String) = pressOne(text) { 0 }

    /** Presses the last of several that are called so. */
    fun pressLast(text: String) = pressOne(text) { it - 1 }

    private fun pressOne(text: String, which: (Int) -> Int) {
        waitFor(text)
        val called = screen.onAllNodes(of(reads(text) and hasClick))
        // It may be away for a moment, while what it began goes on.
        screen.waitUntil("“$text” can be pressed", WAIT_MS) { called.fetchSemanticsNodes().isNotEmpty() }
        // As a screen reader does it: what loads meanwhile may move a button away from under a finger.
        called[which(called.fetchSemanticsNodes().size)].performSemanticsAction(SemanticsActions.OnClick)
    }

    /** Types into the field of this name. */
    fun type(field: String, text: String) {
        waitFor(field)
        screen.onNode(of(hasContentDescription(field) and hasSetTextAction())).performTextReplacement(text)
    }

    private fun reads(text: String) = hasText(text, substring = true) or hasContentDescription(text, substring = true)

    companion object {
        private const val WAIT_MS = 30_000L
        private val hasClick = SemanticsMatcher.keyIsDefined(SemanticsActions.OnClick)

        /** All that is read, for looking at what stands there. */
        fun texts(screen: ComposeContentTestRule): List<String> =
            screen.onAllNodes(SemanticsMatcher.keyIsDefined(SemanticsProperties.Text)).fetchSemanticsNodes().flatMap { node -> node.config[SemanticsProperties.Text].map { it.text } }
    }
}
