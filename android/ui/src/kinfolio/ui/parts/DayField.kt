package kinfolio.ui.parts

import androidx.compose.foundation.layout.Column
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import java.time.DayOfWeek
import java.time.LocalDate
import java.time.temporal.ChronoUnit
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.look.Icons

/** A day, chosen from a month of them. [none] is what the button says while no day is chosen. */
@Composable
internal fun DayField(
    label: String, day: LocalDate?, today: LocalDate, onDay: (LocalDate) -> Unit,
    modifier: Modifier = Modifier, none: String = "", wrong: String? = null, weekStart: DayOfWeek = DayOfWeek.MONDAY,
) {
    val words = LocalWords.current
    var isOpen by remember { mutableStateOf(false) }
    Column(modifier) {
        val said = day?.let { dayIn(it, today, words) } ?: none
        OtherButton(said, { isOpen = true }, Modifier.semantics { contentDescription = "$label: $said" }, Icons.Calendar)
        wrong?.let { Wrong(it) }
    }
    if (isOpen) {
        var month by remember { mutableStateOf(day ?: today) }
        Sheet(label, { isOpen = false }) {
            MonthGrid(month, weekStart, day, { month = it }, {
                isOpen = false
                onDay(it)
            })
            if (day != today) TextAction(words["today"], {
                isOpen = false
                onDay(today)
            })
        }
    }
}

/** `Today`, `Yesterday`, or the day. */
internal fun dayIn(day: LocalDate, today: LocalDate, words: Words): String = when (ChronoUnit.DAYS.between(day, today)) {
    0L -> words["today"]
    1L -> words["yesterday"]
    else -> words.day(day)
}
