package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo

@OptIn(ExperimentalTestApi::class)
internal val firstRunScreens = listOf(
    Pictured("first-run", "Who is learning?", fill = {}),
    Pictured("first-run-wrong", "Who is learning?", fill = {}, act = { onNodeWithText("Save first entry").performScrollTo().performClick() }),
)
