package kinfolio.ui.family.signin

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Paper
import kinfolio.ui.LocalWords
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Shielded
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** The recovery paper: twelve words that open the record when every phone is lost. */
data object RecoveryPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val (words, device) = stage.words to stage.device
        val model = kept { RecoveryModel(stage.core, device.outside.memos, { device.today().toString() }, words, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.open() }
        Shielded()
        PageFrame(words["recovery_paper"]) {
            if (state.isLoading) return@PageFrame Loading()
            when (state.step) {
                PaperStep.Begin -> Begin(state, model)
                PaperStep.Show -> Show(state, model)
                PaperStep.Check -> Check(state, model)
                PaperStep.TypeAll -> TypeAll(state, model)
                PaperStep.Done -> Done(state) { stage.way.back() }
            }
        }
    }
}

@Composable
private fun Begin(state: RecoveryPageState, model: RecoveryModel) {
    val words = LocalWords.current
    Text(words["paper_what"], style = MaterialTheme.typography.bodyLarge)
    Help(words["paper_no_reset"])
    if (state.paper == Paper.Holds) Help(words["paper_old_holds"])
    if (state.paper == Paper.Waiting) return Help(words["paper_waiting"])
    state.wrong?.let { Wrong(it) }
    if (state.paper == Paper.Unchecked) {
        Text(words["paper_unchecked"], Modifier.padding(top = 12.dp), style = MaterialTheme.typography.bodyLarge)
        OtherButton(words["type_all_words"], model::typeAll, Modifier.padding(vertical = 8.dp))
    }
    MainButton(if (state.paper == Paper.None) words["show_words"] else words["make_new_words"], model::make, Modifier.padding(top = 8.dp))
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Show(state: RecoveryPageState, model: RecoveryModel) {
    val words = LocalWords.current
    Text(words["write_words"], style = MaterialTheme.typography.bodyLarge)
    Help(words["words_shown_once"])
    Card(Modifier.padding(vertical = 12.dp)) {
        val half = (state.shownWords.size + 1) / 2
        // Beside each other where both columns fit: the order is down the first, then down the second.
        FlowRow(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.spacedBy(24.dp)) {
            for (column in state.shownWords.withIndex().chunked(half)) {
                Column(Modifier.widthIn(min = 140.dp)) {
                    for ((at, word) in column) {
                        Row(Modifier.padding(vertical = 6.dp).semantics(mergeDescendants = true) {}) {
                            Text("${at + 1}", Modifier.widthIn(min = 32.dp).padding(end = 8.dp), style = MaterialTheme.typography.bodyLarge, color = MaterialTheme.colorScheme.onSurfaceVariant)
                            Text(word, style = MaterialTheme.typography.labelLarge)
                        }
                    }
                }
            }
        }
    }
    Help(words["words_keep"])
    MainButton(words["words_written"], model::written, Modifier.padding(top = 8.dp))
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Check(state: RecoveryPageState, model: RecoveryModel) {
    val words = LocalWords.current
    Text(words["check_words"], style = MaterialTheme.typography.bodyLarge)
    for (asked in state.asked) {
        Field(words["word_number", asked.place + 1], asked.typed, { model.type(asked.place, it) }, Modifier.padding(top = 12.dp), wrong = asked.wrong)
    }
    state.wrong?.let { Wrong(it) }
    FlowRow(Modifier.padding(top = 16.dp), horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        MainButton(if (state.isWorking) words["checking"] else words["check"], model::check)
        TextAction(words["show_words_again"], model::showAgain)
    }
}

@Composable
private fun TypeAll(state: RecoveryPageState, model: RecoveryModel) {
    val words = LocalWords.current
    Field(words["all_twelve"], state.all, model::typeAll, lines = 3, wrong = state.wrong)
    MainButton(if (state.isWorking) words["checking"] else words["check"], model::check, Modifier.padding(vertical = 16.dp))
    Help(words["no_paper_after_all"])
    OtherButton(words["make_new_words"], model::make)
}

@Composable
private fun Done(state: RecoveryPageState, onBack: () -> Unit) {
    val words = LocalWords.current
    Text(words["paper_checked"], Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.titleLarge)
    Help(if (state.paper == Paper.Waiting) words["paper_waiting"] else words["paper_where"])
    MainButton(words["done"], onBack, Modifier.padding(top = 12.dp))
}
