package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import java.nio.file.Files
import kinfolio.ui.Outside

@OptIn(ExperimentalTestApi::class)
internal val firstRunScreens = listOf(
    Pictured("first-run", "Who is learning?", fill = {}),
    Pictured("first-run-wrong", "Who is learning?", fill = {}, act = { onNodeWithText("Save first entry").performScrollTo().performClick() }),
    Pictured("sample", "Look around", fill = { it.outside = Outside(throwaway = { Files.createTempDirectory("kinfolio-sample").toFile() }) }, act = {
        onNodeWithText("Look around with a sample family").performScrollTo().performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("Begin your own")).fetchSemanticsNodes().isNotEmpty() }
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasContentDescription("Letter to Gran", substring = true)).fetchSemanticsNodes().isNotEmpty() }
    }),
)
