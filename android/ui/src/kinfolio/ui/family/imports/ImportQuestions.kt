package kinfolio.ui.family.imports

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import kinfolio.bridge.COLUMN_FIELDS
import kinfolio.bridge.DateOrder
import kinfolio.bridge.FileFrom
import kinfolio.bridge.Looked
import kinfolio.bridge.Named
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.TickRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage

/** What a file holds, and what a person has to say about it before it is read in. */
@Composable
internal fun ImportQuestions(state: ImportState, model: ImportModel) {
    val words = LocalStage.current.words
    val looked = state.looked ?: return
    state.failed?.let { Wrong(words["import_unreadable", state.file?.name.orEmpty(), it]) }
    if (state.isStopped) Help(words["import_stopped"])
    Card { Held(looked, state.file?.name.orEmpty()) }
    if (looked.dates.size > 1) {
        Head(words["import_dates"])
        val orders = listOf(DateOrder.DayFirst to words["dates_day_first"], DateOrder.MonthFirst to words["dates_month_first"])
        Segments(orders.map { (order, name) -> order as DateOrder? to name }, state.reading.dates, { it?.let(model::dates) })
        if (state.datesWrong) Wrong(words["import_dates_first"])
    }
    for (one in looked.named) if (!one.isHere) Who(one, state, model)
    if (state.from != FileFrom.Kinfolio) {
        Head(words[if (state.from == FileFrom.Table) "import_whose_else" else "import_whose"])
        for (learner in state.learners) TickRow(learner.nickname, learner.id in state.reading.learners, { model.whose(learner.id) }, learner = learner)
        if (state.whoWrong) Wrong(words["choose_who"])
    }
    if (state.from == FileFrom.Table) Columns(looked, model)
    NotInList(words["import_problems"], looked.problems)
}

@Composable
private fun Held(of: Looked, file: String) {
    val words = LocalStage.current.words
    Text(file, style = MaterialTheme.typography.titleMedium)
    val lines = listOf("import_entries" to of.entries, "import_entries_here" to of.entriesHere, "import_photos_held" to of.photos, "import_others" to of.others)
    for ((name, number) in lines) if (number > 0 || name == "import_entries") Text(words.count(name, number.toLong()), style = MaterialTheme.typography.bodyLarge)
    if (of.newSubjects.isNotEmpty()) Text(words["import_new_subjects", of.newSubjects.joinToString()], style = MaterialTheme.typography.bodyLarge)
}

@Composable
private fun Who(named: Named, state: ImportState, model: ImportModel) {
    val words = LocalStage.current.words
    val isSaid = named in state.reading.who
    Head(words["import_who", named.nickname])
    Column(Modifier.selectableGroup()) {
        RadioRow(words["import_new_learner"], isSaid && state.reading.who[named] == null, { model.who(named, null) })
        for (learner in state.learners) RadioRow(learner.nickname, state.reading.who[named] == learner.id, { model.who(named, learner.id) }, learner = learner)
    }
    if (named in state.namesWrong) Wrong(words["import_who_first", named.nickname])
}

@Composable
private fun Columns(looked: Looked, model: ImportModel) {
    val words = LocalStage.current.words
    var chosen by remember { mutableStateOf<Int?>(null) }
    Head(words["import_columns"])
    looked.columns.forEachIndexed { at, column ->
        ListRow(column.head.ifEmpty { words["import_column", at + 1] }, detail = words["column_${column.field}"]) { chosen = at }
        Line()
    }
    chosen?.let { at ->
        Sheet(looked.columns[at].head, { chosen = null }) {
            Column(Modifier.selectableGroup()) {
                for (field in COLUMN_FIELDS) RadioRow(words["column_$field"], field == looked.columns[at].field, {
                    model.column(at, field)
                    chosen = null
                })
            }
        }
    }
}
