package kinfolio.ui.timeline

import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.layout.Column
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.ui.LocalWords
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.isTextLarge

/** Whose entries are shown: chips, or one button and a sheet where the text is large. A learner alone needs none. */
@Composable
internal fun LearnerFilter(state: TimelineState, onChoose: (String?) -> Unit, modifier: Modifier = Modifier) {
    val words = LocalWords.current
    val shown = state.learners.filter { !it.archived || it.id == state.wanted.learner }
    if (shown.size < 2) return Row(modifier) {}
    val chosen = state.wanted.learner
    if (isTextLarge()) {
        var isOpen by remember { mutableStateOf(false) }
        Row(modifier.padding(start = 16.dp, top = 8.dp, bottom = 8.dp)) {
            OtherButton(shown.find { it.id == chosen }?.nickname ?: words["all_learners"], { isOpen = true }, icon = Icons.Open)
        }
        if (isOpen) {
            Sheet(words["whose_entries"], { isOpen = false }) {
                val choose = { learner: String? ->
                    isOpen = false
                    onChoose(learner)
                }
                Column(Modifier.selectableGroup()) {
                    RadioRow(words["all_learners"], chosen == null, { choose(null) })
                    for (learner in shown) RadioRow(learner.nickname, chosen == learner.id, { choose(learner.id) }, learner = learner)
                }
            }
        }
    } else {
        Row(modifier.horizontalScroll(rememberScrollState()).padding(horizontal = 16.dp, vertical = 8.dp), Arrangement.spacedBy(8.dp)) {
            Chip(words["all"], chosen == null, { onChoose(null) })
            for (learner in shown) Chip(learner.nickname, chosen == learner.id, { onChoose(learner.id) }, learner)
        }
    }
}
