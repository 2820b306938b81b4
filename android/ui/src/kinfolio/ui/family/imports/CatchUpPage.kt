package kinfolio.ui.family.imports

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.CaughtUp
import kinfolio.bridge.PhotosOfDay
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Question
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Working
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** Catching up from photos: grouped by day, said in bulk, made into entries. */
object CatchUpPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val photos = stage.device.outside.photos
        val model = kept { CatchUpModel(stage.core, it) { photos?.choose().orEmpty() } }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.load() }
        val (now, doing) = state.now to state.doing
        val isSaying = now != null && doing == null && state.open.isNotEmpty() && now.lookedAt == now.given
        val foot: (@Composable () -> Unit)? = if (!isSaying) null else {
            { MainButton(words.count("catch_up_make", state.ticked.size.toLong()), model::make) }
        }
        PageFrame(words["catch_up"], foot = foot) {
            state.failed?.let { Wrong(it) }
            when {
                state.isLoading -> Loading()
                doing == CatchingUp.Looking -> Working(words["catch_up_looking", state.far.done, state.far.total], state.far.part, model::stop)
                doing == CatchingUp.Making -> Working(words["catch_up_making", state.far.done, state.far.total], state.far.part, model::stop)
                now == null -> Empty(words["catch_up_what"], action = words["catch_up_choose"], onAction = model::give)
                now.lookedAt < now.given -> {
                    Help(words["catch_up_half", now.lookedAt, now.given])
                    MainButton(words["catch_up_go_on"], model::look)
                    End(model)
                }
                else -> Days(state, now, model)
            }
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun ColumnScope.Days(state: CatchUpState, now: CaughtUp, model: CatchUpModel) {
    val words = LocalStage.current.words
    Card {
        Text(words.count("catch_up_photos", now.given.toLong()), style = MaterialTheme.typography.bodyLarge)
        if (now.duplicates > 0) Text(words.count("catch_up_same", now.duplicates.toLong()), style = MaterialTheme.typography.bodyLarge)
        if (now.entries > 0) Text(words.count("catch_up_made", now.entries.toLong()), style = MaterialTheme.typography.bodyLarge)
    }
    if (state.open.isNotEmpty()) {
        Head(words["catch_up_days"]) { TextAction(words[if (state.ticked.size == state.open.size) "tick_none" else "tick_all"], { model.tickAll(state.ticked.size < state.open.size) }) }
        Label(words["catch_up_for"])
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
            for (learner in state.learners) {
                val isTheirs = state.ticked.isNotEmpty() && state.ticked.all { learner.id in it.learners }
                Chip(learner.nickname, isTheirs, { model.learner(state.ticked, learner.id, !isTheirs) }, learner)
            }
        }
        if (state.subjects.isNotEmpty()) Label(words["catch_up_subjects"])
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
            for (subject in state.subjects) {
                val isTheirs = state.ticked.isNotEmpty() && state.ticked.all { subject.id in it.subjects }
                Chip(subject.name, isTheirs, { model.subject(state.ticked, subject.id, !isTheirs) })
            }
        }
        if (state.noneTicked) Wrong(words["catch_up_tick_first"])
        Column(Modifier.padding(top = 8.dp)) { for (group in state.open) OfDay(group, state, model) }
    }
    NotInList(words["catch_up_unreadable"], now.unreadable)
    OtherButton(words["catch_up_more"], model::give, Modifier.padding(top = 16.dp), Icons.Image)
    End(model)
}

@Composable
private fun OfDay(group: PhotosOfDay, state: CatchUpState, model: CatchUpModel) {
    var isOpen by remember(group.number) { mutableStateOf(false) }
    Line()
    DayOfPhotos(group, state, model, { isOpen = true })
    if (isOpen) DaySheet(group, state, model) { isOpen = false }
}

@Composable
private fun End(model: CatchUpModel) {
    val words = LocalStage.current.words
    var isAsking by remember { mutableStateOf(false) }
    TextAction(words["catch_up_end"], { isAsking = true }, Modifier.padding(top = 8.dp))
    if (isAsking) Question(words["catch_up_end_ask"], words["catch_up_end_what"], words["catch_up_end"], words["catch_up_keep"], { isAsking = false }) {
        isAsking = false
        model.end()
    }
}
