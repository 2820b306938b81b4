package kinfolio.screens

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import kinfolio.TestPhone
import kinfolio.ui.stage.Way

/**
 * A screen in one of its states. [fill] makes the record that it shows, [way] goes there, [act] does on the screen what is left to do.
 * The screen is there once [text] is read somewhere on it.
 */
@OptIn(ExperimentalTestApi::class)
class Pictured(
    val name: String,
    val text: String,
    val fill: (TestPhone) -> Unit = { it.fill() },
    val way: (Way, TestPhone) -> Unit = { _, _ -> },
    val act: ComposeUiTest.(TestPhone) -> Unit = {},
)

/** Every screen of the app, in every state that looks different. A file for each room. */
val GALLERY: List<Pictured> = timelineScreens +
    searchScreens +
    calendarScreens +
    firstRunScreens +
    entryScreens +
    learnerScreens +
    shelfScreens +
    reportScreens +
    syncScreens +
    homeScreens
