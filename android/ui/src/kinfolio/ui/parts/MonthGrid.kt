package kinfolio.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.selected
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import java.time.DayOfWeek
import java.time.LocalDate
import java.time.temporal.TemporalAdjusters
import kinfolio.ui.LocalWords
import kinfolio.ui.look.Icons

/** A month of days, a week a line. [said] is what a day is read aloud with, [below] what stands under its number. */
@Composable
internal fun MonthGrid(
    month: LocalDate,
    weekStart: DayOfWeek,
    chosen: LocalDate?,
    onMonth: (LocalDate) -> Unit,
    onDay: (LocalDate) -> Unit,
    said: (LocalDate) -> String = { "" },
    below: @Composable (LocalDate) -> Unit = {},
) {
    val words = LocalWords.current
    val first = month.withDayOfMonth(1)
    Column(Modifier.fillMaxWidth()) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            IconAction(Icons.Earlier, words["month_before"], { onMonth(first.minusMonths(1)) })
            Text(words.month(first), Modifier.weight(1f).semantics { heading() }, textAlign = TextAlign.Center, style = MaterialTheme.typography.titleLarge)
            IconAction(Icons.Onward, words["month_after"], { onMonth(first.plusMonths(1)) })
        }
        Row(Modifier.fillMaxWidth().padding(vertical = 4.dp).clearAndSetSemantics {}) {
            for (at in 0L..6L) {
                val day = first.with(TemporalAdjusters.previousOrSame(weekStart)).plusDays(at)
                val name = if (isTextLarge()) words.weekdayLetter(day) else words.weekday(day)
                Text(name, Modifier.weight(1f), maxLines = 1, textAlign = TextAlign.Center, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
            }
        }
        var week = first.with(TemporalAdjusters.previousOrSame(weekStart))
        while (week < first.plusMonths(1)) {
            Row(Modifier.fillMaxWidth()) {
                for (at in 0L..6L) {
                    val day = week.plusDays(at)
                    if (day.month == first.month) Day(day, day == chosen, { onDay(day) }, "${words.day(day)}${said(day)}", Modifier.weight(1f), below) else Box(Modifier.weight(1f))
                }
            }
            week = week.plusWeeks(1)
        }
    }
}

@Composable
private fun Day(day: LocalDate, isChosen: Boolean, onDay: () -> Unit, said: String, modifier: Modifier, below: @Composable (LocalDate) -> Unit) {
    val colours = MaterialTheme.colorScheme
    Column(
        modifier.heightIn(min = 48.dp).clip(MaterialTheme.shapes.small)
            .background(if (isChosen) colours.primaryContainer else colours.background)
            .border(if (isChosen) 1.dp else 0.dp, if (isChosen) colours.primary else colours.background, MaterialTheme.shapes.small)
            .selectable(isChosen, role = Role.Button, onClick = onDay)
            .clearAndSetSemantics {
                contentDescription = said
                selected = isChosen
                role = Role.Button
                onClick { onDay(); true }
            },
        Arrangement.Center, Alignment.CenterHorizontally,
    ) {
        Text(day.dayOfMonth.toString(), style = MaterialTheme.typography.bodyLarge, color = if (isChosen) colours.onPrimaryContainer else colours.onBackground)
        below(day)
    }
}
