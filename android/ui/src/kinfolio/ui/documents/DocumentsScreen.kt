package kinfolio.ui.documents

import androidx.compose.runtime.Composable
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.LocalStage

/** Everything that is handed to somebody else. */
@Composable
internal fun DocumentsScreen() {
    val words = LocalStage.current.words
    PageFrame(words["documents"]) { Help(words["documents_later"]) }
}
