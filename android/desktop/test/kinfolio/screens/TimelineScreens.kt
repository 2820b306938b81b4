package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick

@OptIn(ExperimentalTestApi::class)
internal val timelineScreens = listOf(
    Pictured("timeline", "April 2026"),
    Pictured("timeline-adding", "April 2026", act = {
        onNodeWithText("Add entry").performClick()
        waitUntil { onAllNodes(hasText("Kept as you type")).fetchSemanticsNodes().isNotEmpty() }
    }),
)
