package kinfolio.ui.family.safety

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import java.time.LocalDate
import kinfolio.bridge.Paper
import kinfolio.ui.family.signin.RecoveryPage
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.TextAction
import kinfolio.ui.stage.Stage

/** What there is if every phone is lost. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun Paper(state: SafetyState, model: SafetyModel, stage: Stage) {
    val words = stage.words
    val open = { stage.way.open(RecoveryPage) }
    Head(words["if_every_phone_is_lost"])
    if (state.paper == Paper.None || state.paper == Paper.Unchecked) {
        return Clay(words["no_paper"], if (state.paper == Paper.None) words["no_paper_what"] else words["paper_unchecked"]) {
            OtherButton(if (state.paper == Paper.None) words["make_paper"] else words["go_on_paper"], open, Modifier.padding(top = 8.dp))
        }
    }
    val checked = state.checkedOn?.let { words["words_checked_on", words.day(LocalDate.parse(it))] } ?: words["words_hold"]
    Card {
        Fact(Icons.Paper, words["recovery_paper"], "", if (state.paper == Paper.Waiting) words["paper_waiting"] else checked, isGood = true) {
            if (state.isPaperAsked) Text(words["still_have_paper"], Modifier.padding(vertical = 8.dp), style = MaterialTheme.typography.bodyLarge)
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), itemVerticalAlignment = Alignment.CenterVertically) {
                if (state.isPaperAsked) OtherButton(words["yes_have_it"], model::hasPaper)
                TextAction(words["make_new_words"], open)
            }
        }
    }
}
