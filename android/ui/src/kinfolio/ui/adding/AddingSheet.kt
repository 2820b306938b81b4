package kinfolio.ui.adding

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import java.time.LocalDate
import java.time.temporal.ChronoUnit
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.Wrong

/** One line, one child, Save. */
@Composable
fun AddingSheet(model: AddingModel, today: LocalDate, onClose: () -> Unit, modifier: Modifier = Modifier) {
    val words = LocalWords.current
    val state by model.state.collectAsState()
    val colours = MaterialTheme.colorScheme
    val first = remember { FocusRequester() }
    LaunchedEffect(model) { first.requestFocus() }
    LaunchedEffect(model) { model.open() }
    Column(modifier.fillMaxWidth().clip(MaterialTheme.shapes.extraLarge).background(colours.background).padding(16.dp)) {
        Row(verticalAlignment = Alignment.CenterVertically) {
            Text(words["add_entry"], Modifier.weight(1f).semantics { heading() }, style = MaterialTheme.typography.titleLarge)
            Text(words["kept_as_you_type"], style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
            IconButton({ model.close(onClose) }) { Icon(Icons.Close, words["close"], Modifier.size(20.dp)) }
        }
        Field(
            words["what_happened"], state.text, model::type, Modifier.focusRequester(first),
            lines = 3, wrong = state.textWrong ?: state.notKept, showsLabel = false,
        )
        Choice(words["for_whom"]) {
            for (learner in state.learners) {
                Chip(learner.nickname, learner.id in state.chosen, { model.choose(learner.id) }, learner)
            }
        }
        state.whoWrong?.let { Wrong(it) }
        Row(verticalAlignment = Alignment.CenterVertically) {
            Label(words["on_day"])
            IconButton({ model.move(-1) }) { Icon(Icons.Earlier, words["day_before"], Modifier.size(20.dp)) }
            Text(said(state.day, today, words), style = MaterialTheme.typography.bodyLarge)
            if (state.day < today) {
                IconButton({ model.move(1) }) { Icon(Icons.Onward, words["day_after"], Modifier.size(20.dp)) }
            }
        }
        MainButton(words["save"], { model.save(onClose) }, Modifier.align(Alignment.End))
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Choice(label: String, chips: @Composable () -> Unit) {
    Row(Modifier.padding(top = 8.dp), verticalAlignment = Alignment.CenterVertically) {
        Label(label)
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) { chips() }
    }
}

@Composable
private fun Label(text: String) {
    Text(text, Modifier.padding(end = 16.dp), style = MaterialTheme.typography.labelMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
}

private fun said(day: LocalDate, today: LocalDate, words: Words): String = when (ChronoUnit.DAYS.between(day, today)) {
    0L -> words["today"]
    1L -> words["yesterday"]
    else -> words.day(day)
}
