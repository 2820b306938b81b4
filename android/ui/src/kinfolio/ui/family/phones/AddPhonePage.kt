package kinfolio.ui.family.phones

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalClipboardManager
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.AnnotatedString
import androidx.compose.ui.unit.dp
import kinfolio.ui.LocalWords
import kinfolio.ui.ScanBy
import kinfolio.ui.family.account.AccountPage
import kinfolio.ui.family.signin.Step
import kinfolio.ui.family.signin.moment
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.LearnerDisc
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Shielded
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.kept

/** A code for a new phone, and then: is it this one? */
data object AddPhonePage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { AddPhoneModel(stage.core, stage.device.outside, stage.syncing, words, it) }
        val state by model.state.collectAsState()
        Shielded()
        PageFrame(words["add_phone"]) {
            when {
                state.added != null -> Added(state, model, stage)
                state.asking != null -> Asked(state, model)
                state.hasEnded -> {
                    Text(words["square_ended"], style = MaterialTheme.typography.bodyLarge)
                    MainButton(words["make_new_square"], { model.make(false) }, Modifier.padding(top = 12.dp))
                }
                state.isTextOut -> TextOut(state, model)
                else -> Code(state, model, stage)
            }
        }
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Code(state: AddPhoneState, model: AddPhoneModel, stage: Stage) {
    val words = stage.words
    Step(1, if (state.isFarAway) words["send_text"] else words["scan_this"])
    val invite = state.invite
    if (invite == null) {
        val wrong = state.wrong ?: return Loading()
        Wrong(wrong)
        if (state.isSignedOut) return MainButton(words["sign_in_again"], { stage.way.open(AccountPage) }, Modifier.padding(top = 8.dp))
        return OtherButton(words["try_again"], { model.make(state.isFarAway) }, Modifier.padding(top = 8.dp))
    }
    if (state.isFarAway) FarText(invite.text.orEmpty()) else Square(invite.payload)
    val until = moment(invite.endsMs, stage.device.zone, stage.device.today(), words)
    FlowRow(itemVerticalAlignment = Alignment.CenterVertically, horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        Help(if (state.isFarAway) words["text_until", until] else words["square_until", until])
        if (state.isFarAway) TextAction(words["beside_me"], { model.make(false) }) else TextAction(words["far_away"], { model.make(true) })
    }
    Step(2, words["wait_for_phone"])
    state.wrong?.let { Wrong(it) }
    val scanner = model.scanner ?: return
    if (state.isFarAway) return
    state.scanWrong?.let { Wrong(it) }
    TextAction(if (scanner.by == ScanBy.Camera) words["scan_new_phone"] else words["choose_new_phone"], model::scan)
}

@Composable
private fun FarText(text: String) {
    val words = LocalWords.current
    val clipboard = LocalClipboardManager.current
    Card {
        SelectionContainer { Text(text.chunkedLetters(), style = MaterialTheme.typography.bodyLarge) }
        OtherButton(words["copy_text"], { clipboard.setText(AnnotatedString(text)) }, Modifier.padding(top = 8.dp), Icons.Copy)
    }
}

/** In groups, as it is read out and typed; spaces are forgiven. */
private fun String.chunkedLetters() = substringBefore('@').chunked(4).joinToString(" ") + "@" + substringAfter('@')

@Composable
private fun TextOut(state: AddPhoneState, model: AddPhoneModel) {
    val words = LocalWords.current
    Text(words["text_is_out"], style = MaterialTheme.typography.bodyLarge)
    state.wrong?.let { Wrong(it) }
    OtherButton(words["make_new_square"], { model.make(false) }, Modifier.padding(top = 12.dp))
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Asked(state: AddPhoneState, model: AddPhoneModel) {
    val words = LocalWords.current
    val asking = state.asking ?: return
    Step(2, words["phone_answered"])
    Card {
        Text(
            words["add_this", asking.phone], Modifier.padding(bottom = 8.dp).semantics { heading(); liveRegion = LiveRegionMode.Polite },
            style = MaterialTheme.typography.titleLarge,
        )
        Fact(words["ask_signed_in"]) { Text(asking.email ?: words["not_known"], style = MaterialTheme.typography.bodyLarge) }
        Line()
        Fact(words["ask_role"]) { Text(words["role_parent"], style = MaterialTheme.typography.bodyLarge) }
        Line()
        if (state.learners.isNotEmpty()) {
            Fact(words["learners"]) {
                for (learner in state.learners) {
                    Row(Modifier.padding(end = 12.dp), verticalAlignment = Alignment.CenterVertically) {
                        LearnerDisc(learner, 24.dp)
                        Text(learner.nickname, Modifier.padding(start = 8.dp), style = MaterialTheme.typography.bodyLarge)
                    }
                }
            }
            Line()
        }
        when (val member = asking.member) {
            null -> Field(words["member_name"], state.member, model::call, Modifier.padding(top = 8.dp), wrong = state.memberWrong)
            "" -> {}
            else -> Fact(words["ask_member"]) { Text(member, style = MaterialTheme.typography.bodyLarge) }
        }
        state.wrong?.let { Wrong(it) }
        FlowRow(Modifier.padding(top = 12.dp), horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            OtherButton(words["not_this_one"], { model.make(false) })
            MainButton(if (state.isAdding) words["adding_phone"] else words["add_this_phone"], model::add)
        }
    }
    Help(words["no_way_back"])
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Fact(name: String, content: @Composable () -> Unit) {
    FlowRow(Modifier.padding(vertical = 10.dp).semantics(mergeDescendants = true) {}) {
        Text(name, Modifier.widthIn(min = 110.dp).padding(end = 12.dp), style = MaterialTheme.typography.bodyLarge, color = MaterialTheme.colorScheme.onSurfaceVariant)
        content()
    }
}

@Composable
private fun Added(state: AddPhoneState, model: AddPhoneModel, stage: Stage) {
    val words = stage.words
    Text(words["phone_added", state.added.orEmpty()], Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.titleLarge)
    Help(words["phone_added_what"])
    MainButton(words["done"], { stage.way.back() }, Modifier.padding(vertical = 12.dp))
    TextAction(words["add_another_phone"], { model.make(false) })
}
