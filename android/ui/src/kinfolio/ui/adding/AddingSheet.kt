package kinfolio.ui.adding

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.unit.dp
import java.time.LocalDate
import kinfolio.ui.LocalWords
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.Wrong

/** One line, one child, Save. */
@Composable
internal fun AddingSheet(model: AddingModel, today: LocalDate, onClose: () -> Unit) {
    val words = LocalWords.current
    val state by model.state.collectAsState()
    val first = remember { FocusRequester() }
    Sheet(words["add_entry"], { model.close(onClose) }, words["kept_as_you_type"]) {
        LaunchedEffect(model) { first.requestFocus() }
        LaunchedEffect(model) { model.open() }
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
        Choice(words["on_day"]) { DayField(words["on_day"], state.day, today, model::on) }
        MainButton(words["save"], { model.save(onClose) }, Modifier.align(Alignment.End))
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Choice(label: String, chips: @Composable () -> Unit) {
    Row(Modifier.padding(top = 8.dp), verticalAlignment = Alignment.CenterVertically) {
        Text(label, Modifier.padding(end = 16.dp), style = MaterialTheme.typography.labelMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) { chips() }
    }
}
