package kinfolio.ui.timeline

import androidx.compose.runtime.Composable
import java.time.LocalDate
import kinfolio.ui.LocalWords
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Sheet

/** The years, and in each the months that have entries. */
@Composable
internal fun MonthsSheet(months: Map<LocalDate, Long>, onMonth: (LocalDate) -> Unit, onClose: () -> Unit) {
    val words = LocalWords.current
    Sheet(words["go_to_month"], onClose) {
        for ((year, these) in months.entries.groupBy { it.key.year }) {
            Head(year.toString())
            for ((month, count) in these) {
                ListRow(words.month(month), end = words.count("entries", count)) {
                    onClose()
                    onMonth(month)
                }
            }
        }
    }
}
