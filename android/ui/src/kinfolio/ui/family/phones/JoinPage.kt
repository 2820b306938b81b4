package kinfolio.ui.family.phones

import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.bridge.JoinStep
import kinfolio.ui.LocalWords
import kinfolio.ui.ScanBy
import kinfolio.ui.family.signin.SigningInPart
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
import kinfolio.ui.stage.Place
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.kept

/** Joins a family that another phone is in. */
data object JoinPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { JoinModel(stage.core, stage.device.outside, stage.syncing, words, it) }
        val state by model.state.collectAsState()
        PageFrame(words["join_title"]) {
            if (state.taken != null) return@PageFrame Joined(state, stage)
            when (val step = state.step) {
                null -> Loading()
                JoinStep.None -> Begin(state, model)
                is JoinStep.SignIn -> {
                    Text(words["join_sign_in", step.server], style = MaterialTheme.typography.bodyLarge)
                    SigningInPart(model.signingIn) { MainButton(words["sign_in"], { model.signIn(step.server) }, Modifier.padding(vertical = 12.dp)) }
                    Help(words["signin_new_too"])
                    TextAction(words["join_stop"], model::giveUp)
                }
                JoinStep.Waiting -> Waits(state, model)
                JoinStep.Ready -> Ready(state, model)
                JoinStep.Ended -> {
                    Text(words["join_ended"], style = MaterialTheme.typography.bodyLarge)
                    MainButton(words["join_anew"], model::giveUp, Modifier.padding(top = 12.dp))
                }
            }
        }
    }
}

@Composable
private fun Begin(state: JoinPageState, model: JoinModel) {
    val words = LocalWords.current
    Text(words["join_what"], style = MaterialTheme.typography.bodyLarge)
    model.scanner?.let {
        MainButton(if (it.by == ScanBy.Camera) words["join_scan"] else words["join_choose"], model::scan, Modifier.padding(vertical = 12.dp))
    }
    Field(words["join_text"], state.text, model::type, lines = 3, wrong = state.wrong)
    OtherButton(words["join_go_on"], model::takeText, Modifier.padding(top = 8.dp))
    SignInOnceMore(state, model)
    if (state.canShowMine) TextAction(words["join_show_mine"], model::showMine, Modifier.padding(top = 8.dp))
}

@Composable
private fun SignInOnceMore(state: JoinPageState, model: JoinModel) {
    val server = state.signInAt ?: return
    SigningInPart(model.signingIn) { OtherButton(LocalWords.current["sign_in_again"], { model.signIn(server) }, Modifier.padding(vertical = 8.dp)) }
}

@Composable
private fun Waits(state: JoinPageState, model: JoinModel) {
    val words = LocalWords.current
    state.mine?.let {
        Text(words["join_show_this"], Modifier.padding(bottom = 12.dp), style = MaterialTheme.typography.bodyLarge)
        Square(it.payload)
    }
    Text(words["join_waiting"], Modifier.padding(vertical = 12.dp).semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyLarge)
    state.wrong?.let { Wrong(it) }
    SignInOnceMore(state, model)
    OtherButton(words["join_stop"], model::giveUp, Modifier.padding(top = 12.dp))
}

@Composable
private fun Ready(state: JoinPageState, model: JoinModel) {
    val words = LocalWords.current
    val far = state.far
    val family = state.family
    when {
        far != null && family == null ->
            Working(if (far.total == 0L) words["join_looking"] else words["join_looking_of", far.done, far.total], far.part, model::stop)
        far != null -> Working(if (far.total == 0L) words["join_working"] else words["join_working_of", far.done, far.total], far.part, model::stop)
        family == null -> {
            state.wrong?.let { Wrong(it) }
            OtherButton(words["try_again"], model::go, Modifier.padding(vertical = 8.dp))
            TextAction(words["join_stop"], model::giveUp)
        }
        else -> WhoIsWho(state, family, model)
    }
}

@Composable
private fun Joined(state: JoinPageState, stage: Stage) {
    val words = stage.words
    Text(words["join_done"], Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.titleLarge)
    state.taken?.added?.takeIf { it > 0 }?.let { Help(words.count("join_taken", it)) }
    Help(words["join_fetching"])
    MainButton(words["join_open"], {
        stage.way.go(Place.Timeline)
        stage.onJoined()
    }, Modifier.padding(top = 12.dp))
}
