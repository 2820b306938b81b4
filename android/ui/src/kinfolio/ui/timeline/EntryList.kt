package kinfolio.ui.timeline

import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListState
import androidx.compose.foundation.lazy.itemsIndexed
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import java.time.LocalDate
import kinfolio.ui.LocalWords
import kinfolio.ui.parts.Failed

/** The entries under their months. [open] is the one that stands beside the list. */
@OptIn(ExperimentalFoundationApi::class)
@Composable
internal fun EntryList(state: TimelineState, at: LazyListState, open: String?, onMore: () -> Unit, actions: RowActions) {
    LazyColumn(Modifier.fillMaxSize(), at, contentPadding = PaddingValues(bottom = 88.dp)) {
        for ((month, rows) in state.rows.groupBy { it.entry.day.withDayOfMonth(1) }) {
            stickyHeader(key = month.toString()) { MonthHead(month, state.months[month] ?: rows.size.toLong()) }
            itemsIndexed(rows, key = { _, row -> row.entry.id }) { index, row ->
                val isFirstOfDay = index == 0 || rows[index - 1].entry.day != row.entry.day
                EntryRow(row, state, isFirstOfDay, row.entry.id == open, actions)
            }
        }
        val failed = state.moreFailed
        when {
            state.next == null -> Unit
            failed != null -> item(key = "failed") { Failed(LocalWords.current["more_failed", failed], onMore, Modifier.padding(16.dp)) }
            else -> item(key = "end") { LaunchedEffect(state.next) { onMore() } }
        }
    }
}

@Composable
private fun MonthHead(month: LocalDate, count: Long) {
    val (words, colours) = LocalWords.current to MaterialTheme.colorScheme
    Column(Modifier.background(colours.background)) {
        Row(Modifier.fillMaxWidth().padding(16.dp, 12.dp), verticalAlignment = Alignment.Bottom) {
            Text(words.month(month), Modifier.weight(1f).semantics { heading() }, style = MaterialTheme.typography.titleLarge)
            Text(words.count("entries", count), style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
        }
        HorizontalDivider(color = colours.outlineVariant)
    }
}
