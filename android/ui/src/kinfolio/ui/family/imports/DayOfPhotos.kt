package kinfolio.ui.family.imports

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import androidx.compose.foundation.layout.Box
import kinfolio.bridge.PhotosOfDay
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.IconAction
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.TickRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage

/** A day of photos: whether it becomes an entry, and what that says. */
@Composable
internal fun DayOfPhotos(group: PhotosOfDay, state: CatchUpState, model: CatchUpModel, onOpen: () -> Unit) {
    val words = LocalStage.current.words
    val day = group.day?.let(words::day) ?: words["catch_up_no_day"]
    val who = state.learners.filter { it.id in group.learners }.joinToString { it.nickname }
    val subjects = state.subjects.filter { it.id in group.subjects }.joinToString { it.name }
    val said = listOf(words.count("catch_up_photos", group.photos.toLong()), group.title, who, subjects).filter(String::isNotEmpty).joinToString(" · ")
    Row(verticalAlignment = Alignment.CenterVertically) {
        Box(Modifier.weight(1f)) { TickRow(day, group.isTicked, { model.tick(group, it) }, said) }
        IconAction(Icons.Edit, words["catch_up_edit", day], onOpen)
    }
    group.why?.let { Wrong(it) }
    if (group.number in state.unready) Wrong(words[if (group.day == null) "catch_up_day_first" else "choose_who"])
}

/** What one day's entry says. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun DaySheet(group: PhotosOfDay, state: CatchUpState, model: CatchUpModel, onClose: () -> Unit) {
    val stage = LocalStage.current
    val words = stage.words
    var title by remember(group.number) { mutableStateOf(group.title) }
    Sheet(group.day?.let(words::day) ?: words["catch_up_no_day"], onClose) {
        Field(words["catch_up_title"], title, {
            title = it
            model.title(group, it)
        })
        Label(words["catch_up_on"])
        DayField(words["catch_up_on"], group.day, stage.device.today(), { model.on(group, it) }, none = words["catch_up_no_day"])
        Label(words["catch_up_who"])
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
            for (learner in state.learners) Chip(learner.nickname, learner.id in group.learners, { model.learner(listOf(group), learner.id, learner.id !in group.learners) }, learner)
        }
        MainButton(words["close"], onClose, Modifier.padding(top = 16.dp))
    }
}
