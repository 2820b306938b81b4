package kinfolio.ui.calendar

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Entry
import kinfolio.ui.entry.EntryPage
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.Photo
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.kept

/** This day in earlier years: asked for before it is shown for the first time, and turned off as easily. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun BackPart() {
    val stage = LocalStage.current
    val words = stage.words
    val model = kept("back") { BackModel(stage.core, it, stage.device.today()) }
    val state by model.state.collectAsState()
    LaunchedEffect(model) { model.watch() }
    if (!state.isKnown) return
    state.wrong?.let { Wrong(it) }
    when (state.isWanted) {
        null -> Card(Modifier.padding(top = 20.dp)) {
            Text(words["back_question"], style = MaterialTheme.typography.titleMedium)
            Help(words["back_help"])
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                MainButton(words["back_yes"], { model.choose(true) })
                OtherButton(words["back_no"], { model.choose(false) })
            }
        }
        false -> TextAction(words["back_show"], { model.choose(true) }, Modifier.padding(top = 12.dp))
        true -> {
            Head(words["on_this_day"])
            if (state.memories.isEmpty()) Help(words["back_nothing"])
            for (memory in state.memories) {
                Label(words.count("years_ago", memory.yearsAgo.toLong()))
                for (entry in memory.entries) {
                    ListRow(entry.title.ifEmpty { words["draft_without_words"] }, detail = words.day(entry.day)) { stage.way.open(EntryPage(entry.id)) }
                    Line()
                }
            }
            state.pair?.let { pair ->
                Head(words["then_and_now", pair.learner.nickname, pair.subject])
                FlowRow(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
                    One(words["then"], pair.of.then)
                    One(words["now"], pair.of.now)
                }
            }
            TextAction(words["back_hide"], { model.choose(false) })
        }
    }
}

@Composable
private fun One(label: String, entry: Entry) {
    val stage = LocalStage.current
    Column(Modifier.clickable(role = Role.Button) { stage.way.open(EntryPage(entry.id)) }) {
        Label(label)
        entry.photos.firstOrNull()?.let { Photo(it, entry.title, 136.dp) }
        Text(stage.words.day(entry.day), style = MaterialTheme.typography.bodyMedium)
    }
}
