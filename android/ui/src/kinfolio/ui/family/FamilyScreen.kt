package kinfolio.ui.family

import androidx.compose.runtime.Composable
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.LocalStage

/** What the family has set, and how its record is kept. */
@Composable
internal fun FamilyScreen() {
    val words = LocalStage.current.words
    PageFrame(words["family"]) { Help(words["only_here"]) }
}
