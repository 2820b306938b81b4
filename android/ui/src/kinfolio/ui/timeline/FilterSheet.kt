package kinfolio.ui.timeline

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import java.time.LocalDate
import kinfolio.bridge.Wanted
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.IconAction
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage

/** What the timeline is narrowed to. Every choice holds at once; closing keeps it. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun FilterSheet(state: TimelineState, model: FilterModel, onWanted: (Wanted) -> Unit, onClose: () -> Unit) {
    val stage = LocalStage.current
    val words = stage.words
    val (wanted, today) = state.wanted to stage.device.today()
    Sheet(words["filters"], onClose) {
        LaunchedEffect(model) { model.watch() }
        if (state.learners.size > 1) {
            Label(words["whose_entries"])
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                for (learner in state.learners) {
                    val isChosen = wanted.learner == learner.id
                    Chip(learner.nickname, isChosen, { onWanted(wanted.copy(learner = learner.id.takeIf { !isChosen })) }, learner)
                }
            }
        }
        val subjects = state.subjects.filter { !it.isHidden || it.id == wanted.subject }
        if (subjects.isNotEmpty()) {
            Label(words["filter_subject"])
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                for (subject in subjects) {
                    val isChosen = wanted.subject == subject.id
                    Chip(subject.name, isChosen, { onWanted(wanted.copy(subject = subject.id.takeIf { !isChosen })) })
                }
            }
        }
        Days(wanted, today, onWanted)
        SwitchRow(words["filter_photo"], wanted.withPhoto, { onWanted(wanted.copy(withPhoto = it)) }, icon = Icons.Image)
        SwitchRow(words["filter_sample"], wanted.samplesOnly, { onWanted(wanted.copy(samplesOnly = it)) }, icon = Icons.Certificate)
        SwitchRow(words["filter_starred"], wanted.starredOnly, { onWanted(wanted.copy(starredOnly = it)) }, icon = Icons.Star)
        if (wanted != Wanted()) TextAction(words["clear_filters"], { onWanted(Wanted()) })
        Saved(wanted, model, onWanted)
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Days(wanted: Wanted, today: LocalDate, onWanted: (Wanted) -> Unit) {
    val words = LocalStage.current.words
    Label(words["filter_days"])
    FlowRow(Modifier.padding(bottom = 4.dp), horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        // A first day after the last one would find nothing: the other one moves along.
        DayField(words["filter_from"], wanted.from, today, { day -> onWanted(wanted.copy(from = day, to = wanted.to?.let { maxOf(it, day) })) }, none = words["filter_from_any"])
        DayField(words["filter_to"], wanted.to, today, { day -> onWanted(wanted.copy(to = day, from = wanted.from?.let { minOf(it, day) })) }, none = words["filter_to_any"])
        if (wanted.from != null || wanted.to != null) TextAction(words["filter_any_day"], { onWanted(wanted.copy(from = null, to = null)) })
    }
}

/** What was kept: to use, to call something else, to let go. */
@Composable
private fun Saved(wanted: Wanted, model: FilterModel, onWanted: (Wanted) -> Unit) {
    val stage = LocalStage.current
    val words = stage.words
    val state by model.state.collectAsState()
    if (state.saved.isNotEmpty()) Label(words["saved_filters"])
    for (filter in state.saved) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            ListRow(filter.name, Modifier.weight(1f), icon = if (filter.wanted == wanted) Icons.Chosen else Icons.Filter) { onWanted(filter.wanted) }
            IconAction(Icons.Edit, words["rename_filter", filter.name], { model.name(filter) })
            IconAction(Icons.Trash, words["remove_filter", filter.name], {
                model.remove(filter) { stage.notices.say(words["filter_removed", filter.name], words["undo"]) { stage.core.savedFilters.bringBack(filter.id) } }
            })
        }
    }
    val name = state.name
    when {
        name != null -> {
            Field(words["filter_name"], name, model::type, Modifier.fillMaxWidth(), wrong = state.wrong)
            MainButton(words["save"], { model.save(wanted) }, Modifier.padding(top = 8.dp))
        }
        else -> {
            state.wrong?.let { Wrong(it) }
            if (wanted != Wanted()) TextAction(words["save_filters"], { model.name() })
        }
    }
}
