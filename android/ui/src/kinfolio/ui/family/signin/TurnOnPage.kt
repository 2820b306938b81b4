package kinfolio.ui.family.signin

import androidx.compose.foundation.layout.padding
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
import kinfolio.bridge.SignInState
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Working
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.kept

/** Keeps a copy of the record on a server, in three steps. */
data object TurnOnPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { TurnOnModel(stage.core, stage.device.outside, stage.syncing, words, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["turn_on"]) {
            Text(words["turn_on_what"], style = MaterialTheme.typography.bodyLarge)
            if (state.isLoading) return@PageFrame Loading()
            SignInStep(state, model)
            PaperStep(state, stage)
            StoreStep(state, model, stage)
        }
    }
}

@Composable
private fun SignInStep(state: TurnOnState, model: TurnOnModel) {
    val words = LocalStage.current.words
    val signedIn = state.signIn as? SignInState.Now
    Step(1, words["step_sign_in"], signedIn != null)
    if (signedIn != null) {
        Help(words["signed_in_as", signedIn.email ?: words["your_account"], signedIn.server])
        if (!state.isOn) TextAction(words["another_account"], model::useAnother)
        return
    }
    SigningInPart(model.signingIn) {
        Field(words["server"], state.server, model::type, wrong = state.serverWrong)
        Help(words["server_which"])
        MainButton(words["sign_in"], model::signIn, Modifier.padding(top = 8.dp))
        Help(words["signin_new_too"])
    }
}

@Composable
private fun PaperStep(state: TurnOnState, stage: Stage) {
    val words = stage.words
    Step(2, words["step_paper"], state.paper == Paper.Holds || state.paper == Paper.Waiting)
    when (state.paper) {
        Paper.Holds, Paper.Waiting -> Help(words["paper_checked"])
        Paper.None, Paper.Unchecked -> {
            Help(words["paper_what"])
            OtherButton(words["make_paper"], { stage.way.open(RecoveryPage) })
        }
    }
}

@Composable
private fun StoreStep(state: TurnOnState, model: TurnOnModel, stage: Stage) {
    val words = stage.words
    val syncing by stage.syncing.state.collectAsState()
    Step(3, words["step_store"], state.isOn)
    when {
        syncing.isRunning && state.isOn -> Working(words["sending_of", syncing.far.done, syncing.far.total], syncing.far.part, stage.syncing::stop)
        state.isOn -> {
            Text(words["sync_is_on"], Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyLarge)
            syncing.problem?.let { Wrong(said(it, words)) }
        }
        state.isTurningOn -> Text(words["turning_on"], Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyLarge)
        else -> {
            if (state.paper == Paper.None || state.paper == Paper.Unchecked) Help(words["store_without_paper"])
            state.storeWrong?.let { Wrong(it) }
            MainButton(words["store_record"], model::store, Modifier.padding(top = 8.dp))
        }
    }
}
