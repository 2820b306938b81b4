package kinfolio.ui.documents

import androidx.compose.runtime.Composable
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.reports.ReportsPage
import kinfolio.ui.stage.LocalStage

/** Everything that is handed to somebody else. */
@Composable
internal fun DocumentsScreen() {
    val stage = LocalStage.current
    val words = stage.words
    PageFrame(words["documents"]) {
        ListRow(words["reports"], detail = words["reports_what"], icon = Icons.Documents) { stage.way.open(ReportsPage) }
        Line()
        ListRow(words["portfolio"], detail = words["portfolio_what"], icon = Icons.Book) { stage.way.open(PortfolioPage) }
        Line()
    }
}
