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
        ListRow(words["tables"], detail = words["tables_what"], icon = Icons.Table) { stage.way.open(TablesPage) }
        Line()
        ListRow(words["week_sheet"], detail = words["week_sheet_what"], icon = Icons.Week) { stage.way.open(WeekSheetPage) }
        Line()
        ListRow(words["whole_record"], detail = words["whole_record_what"], icon = Icons.Folder) { stage.way.open(WholeRecordPage) }
        Line()
    }
}
