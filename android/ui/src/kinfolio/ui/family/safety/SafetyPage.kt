package kinfolio.ui.family.safety

import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.bridge.WhereAll
import kinfolio.ui.Words
import kinfolio.ui.family.account.AccountPage
import kinfolio.ui.family.phones.JoinPage
import kinfolio.ui.family.phones.PhonesPage
import kinfolio.ui.family.signin.TurnOnPage
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.TextAction
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** Where the record is, what waits and why, and what there is if every phone is lost. */
data object SafetyPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val (words, device) = stage.words to stage.device
        val model = kept { SafetyModel(stage.core, device.outside, stage.syncing, words, { device.today().toString() }, it) }
        val state by model.state.collectAsState()
        val syncing by stage.syncing.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        // What waits for a photo file is told anew when a sync ends.
        LaunchedEffect(model, syncing.isRunning) { model.load() }
        PageFrame(words["safety"]) {
            val all = state.all
            when {
                state.hasFailed -> return@PageFrame Failed(words["safety_failed"], model::load)
                all == null -> return@PageFrame Loading()
            }
            Text(
                sentence(all, words), Modifier.padding(bottom = 12.dp).semantics { heading(); liveRegion = LiveRegionMode.Polite },
                style = MaterialTheme.typography.titleLarge,
            )
            Rows(all, state, syncing, stage)
            if (all.isOn) {
                Help(words["stored_means"])
                Doing(state, model, syncing, stage)
            } else {
                Help(words["safety_off"])
                MainButton(words["turn_on"], { stage.way.open(TurnOnPage) }, Modifier.padding(top = 8.dp))
                TextAction(words["join_family"], { stage.way.open(JoinPage) })
            }
            Deletions(state, model)
            Paper(state, model, stage)
            if (all.isOn) {
                val there = state.phones.count { !it.isRemoved }.toLong()
                ListRow(words["phones"], detail = words.count("phones_there", there), icon = Icons.Laptop) { stage.way.open(PhonesPage) }
                ListRow(words["account"], detail = words["account_what"], icon = Icons.Key) { stage.way.open(AccountPage) }
            }
        }
    }
}

/** The whole truth in a sentence. */
private fun sentence(all: WhereAll, words: Words): String = when {
    !all.isOn -> words["all_only_here"]
    all.refused > 0 -> words.count("some_refused", all.refused)
    all.waiting.isNotEmpty() -> words.count("some_wait", all.waiting.size.toLong())
    all.photosWaiting > 0 -> words.count("photos_wait", all.photosWaiting)
    all.storedAtMs == null -> words["not_sent_yet"]
    all.onlyHere > 0 -> words.count("some_stay_here", all.onlyHere)
    else -> words["everything_stored"]
}
