package kinfolio.ui.calendar

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import java.time.LocalDate
import kinfolio.bridge.Kind
import kinfolio.ui.Words
import kinfolio.ui.adding.AddingModel
import kinfolio.ui.adding.AddingSheet
import kinfolio.ui.entry.EntryPage
import kinfolio.ui.look.Icons
import kinfolio.ui.look.LearnerColour
import kinfolio.ui.look.LocalLook
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.MonthGrid
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.TextAction
import kinfolio.ui.shelf.ItemPage
import kinfolio.ui.shelf.ShelfPage
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.LocalStop
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** The record by its days: a day with entries shows them, an empty one takes a new entry. An empty day is no gap: nothing is coloured. */
data object CalendarPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val today = stage.device.today()
        val model = kept { CalendarModel(stage.core, it, today) }
        val state by model.state.collectAsState()
        val scope = LocalStop.current.scope
        var adding by remember { mutableStateOf<AddingModel?>(null) }
        val add = { day: LocalDate -> adding = AddingModel(stage.core, scope, today, day) { words[it] } }
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["calendar"]) {
            state.failed?.let { Failed(words["calendar_failed", it], model::load) }
            MonthGrid(
                state.month, state.weekStart, state.chosen, model::month,
                { day ->
                    model.choose(day)
                    if (state.entries?.containsKey(day) == false) add(day)
                },
                { said(it, state, words) },
            ) { Below(it, state) }
            Help(words["calendar_help"])
            state.chosen?.let { DayPart(it, state, add) }
            BackPart()
        }
        adding?.let { AddingSheet(it, today) { adding = null } }
    }
}

/** What a day is read aloud with, after its date. */
private fun said(day: LocalDate, state: CalendarState, words: Words): String {
    val count = state.entries?.get(day)?.size ?: 0
    val names = state.whose(day).joinToString { it.nickname }
    val entries = if (count == 0) "" else ". " + words.count("entries", count.toLong()) + if (names.isEmpty()) "" else ": $names"
    return entries + state.marked[day].orEmpty().sorted().joinToString("") { ". " + words["day_" + it.name.lowercase()] }
}

/** A dot for each learner; a line where somebody was away. The day's sentence says both. */
@Composable
private fun Below(day: LocalDate, state: CalendarState) {
    Row(Modifier.height(12.dp), Arrangement.spacedBy(3.dp), Alignment.CenterVertically) {
        for (learner in state.whose(day).take(DOTS)) {
            Box(Modifier.size(6.dp).background(LearnerColour.of(learner.colour).on(LocalLook.current), CircleShape))
        }
        if (day in state.marked) Icon(Icons.Minus, null, Modifier.size(12.dp), tint = MaterialTheme.colorScheme.onSurfaceVariant)
    }
}

/** More dots don't fit under a day of a narrow phone. */
private const val DOTS = 3

@Composable
private fun DayPart(day: LocalDate, state: CalendarState, onAdd: (LocalDate) -> Unit) {
    val stage = LocalStage.current
    val words = stage.words
    Head(words.day(day))
    for (kind in state.marked[day].orEmpty().sorted()) {
        ListRow(words["day_" + kind.name.lowercase()], icon = Icons.Minus) { stage.way.open(ShelfPage(Kind.Days)) }
        Line()
    }
    for (entry in state.entries?.get(day).orEmpty()) {
        val names = state.learners.filter { learner -> entry.lines.any { it.learner == learner.id } }.joinToString { it.nickname }
        ListRow(entry.title.ifEmpty { words["draft_without_words"] }, detail = names) { stage.way.open(EntryPage(entry.id)) }
        Line()
    }
    OtherButton(words["add_on_day"], { onAdd(day) }, Modifier.padding(top = 8.dp), Icons.Add)
    TextAction(words["mark_day"], { stage.way.open(ItemPage(Kind.Days, null, day = day)) }, icon = Icons.Minus)
}
