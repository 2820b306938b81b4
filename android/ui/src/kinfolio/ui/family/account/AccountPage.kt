package kinfolio.ui.family.account

import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.SignInPlace
import kinfolio.bridge.SignInState
import kinfolio.ui.Words
import kinfolio.ui.family.safety.Clay
import kinfolio.ui.family.signin.SigningInPart
import kinfolio.ui.family.signin.TurnOnPage
import kinfolio.ui.family.signin.dayOf
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Question
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.kept

/** The account on the server. The record does not depend on it. */
data object AccountPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { AccountModel(stage.core, stage.device.outside, stage.syncing, words, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.load() }
        PageFrame(words["account"]) {
            if (state.isLoading) return@PageFrame Loading()
            when (val signIn = state.signIn) {
                is SignInState.Now -> {
                    Text(words["signed_in_as", signIn.email ?: words["your_account"], signIn.server], style = MaterialTheme.typography.bodyLarge)
                    Deletion(state, model, stage)
                    OnceMore(state, model)
                    Places(state, model, stage)
                    Actions(model, words)
                }
                is SignInState.Ended -> SignedOut(model, words)
                SignInState.Never -> NoSignIn(state, model, stage)
            }
        }
        Questions(state, model, words)
    }
}

@Composable
private fun OnceMore(state: AccountPageState, model: AccountModel) {
    val words = LocalStage.current.words
    state.wrong?.let { Wrong(it) }
    if (state.waits != null) SigningInPart(model.signingIn) { OtherButton(words["sign_in_again"], model::signIn, Modifier.padding(top = 8.dp)) }
}

@Composable
private fun SignedOut(model: AccountModel, words: Words) {
    Clay(words["signed_out"], words["signed_out_what"]) {
        SigningInPart(model.signingIn) { MainButton(words["sign_in_again"], model::signIn, Modifier.padding(top = 8.dp)) }
    }
}

@Composable
private fun NoSignIn(state: AccountPageState, model: AccountModel, stage: Stage) {
    val words = stage.words
    Text(words["no_account"], style = MaterialTheme.typography.bodyLarge)
    SigningInPart(model.signingIn) {
        // Signed out on purpose: the family's server is known still.
        if (state.hasServer) MainButton(words["sign_in_again"], model::signIn, Modifier.padding(top = 12.dp))
        else MainButton(words["turn_on"], { stage.way.open(TurnOnPage) }, Modifier.padding(top = 12.dp))
    }
}

@Composable
private fun Deletion(state: AccountPageState, model: AccountModel, stage: Stage) {
    val words = stage.words
    state.erasureMs?.let {
        Clay(words["erasure", dayOf(it, stage.device.zone, words)], words["erasure_what"]) {
            OtherButton(words["call_off"], model::callOff, Modifier.padding(top = 8.dp))
        }
    }
    val on = state.deletionMs ?: return
    Clay(words["account_ends", dayOf(on, stage.device.zone, words)], words["account_ends_what"]) {
        OtherButton(words["keep_account"], model::keep, Modifier.padding(top = 8.dp))
    }
}

@Composable
private fun Places(state: AccountPageState, model: AccountModel, stage: Stage) {
    val words = stage.words
    Head(words["signed_in_places"])
    state.placesWrong?.let { return Failed(it, model::load) }
    val places = state.places ?: return Loading()
    for (place in places) {
        val detail = listOfNotNull(
            words["this_phone"].takeIf { place.isThis }, words["last_used", dayOf(place.lastUsedMs, stage.device.zone, words)], place.network,
        ).joinToString(". ")
        if (place.isThis) ListRow(name(place, state, words), detail = detail, icon = Icons.OnPhone)
        else ListRow(name(place, state, words), detail = detail, icon = Icons.OnPhone) { model.askEnd(place) }
        Line()
    }
}

private fun name(place: SignInPlace, state: AccountPageState, words: Words): String =
    state.phones.find { it.id == place.phone }?.name?.ifEmpty { null } ?: place.name ?: place.platform?.replaceFirstChar(Char::uppercase) ?: words["a_sign_in"]

@Composable
private fun Actions(model: AccountModel, words: Words) {
    ListRow(words["account_pages"], Modifier.padding(top = 12.dp), words["account_pages_what"], Icons.Key) { model.openPages() }
    ListRow(words["sign_out"], detail = words["sign_out_what"], icon = Icons.SignOut) { model.askSignOut(true) }
    ListRow(words["erase_copy"], detail = words["erase_copy_short"], icon = Icons.Trash) { model.askErase(true) }
    ListRow(words["delete_account"], detail = words["delete_account_short"], icon = Icons.Warning) { model.askDelete(true) }
    Help(words["record_stays"])
}

@Composable
private fun Questions(state: AccountPageState, model: AccountModel, words: Words) {
    state.ending?.let { place ->
        Question(words["end_this", name(place, state, words)], words["sign_out_phone_what"], words["end_it"], words["leave_it"], { model.askEnd(null) }, model::end)
    }
    if (state.isAskingSignOut) {
        Question(words["sign_out_this"], words["sign_out_this_what"], words["sign_out"], words["stay"], { model.askSignOut(false) }, model::signOut)
    }
    if (state.isAskingErase) {
        Question(words["erase_copy_ask"], words["erase_copy_what"], words["erase_copy"], words["leave_it"], { model.askErase(false) }, model::erase)
    }
    if (state.isAskingDelete) {
        Question(words["delete_account_ask"], words["delete_account_what"], words["delete_account"], words["keep_account"], { model.askDelete(false) }, model::delete)
    }
}
