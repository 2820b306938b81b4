package kinfolio.ui.family.phones

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
import kinfolio.bridge.Phone
import kinfolio.ui.Words
import kinfolio.ui.family.signin.TurnOnPage
import kinfolio.ui.family.signin.dayOf
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.kept

/** The family's phones and whose they are. */
data object PhonesPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { PhonesModel(stage.core, words, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["phones"]) {
            when {
                state.hasFailed -> Failed(words["phones_failed"], model::again)
                state.isLoading -> Loading()
                else -> List(state, model, stage)
            }
        }
        RenameSheet(state, model)
        LetThroughSheet(state, model)
        PhoneSheet(state, model, stage)
    }
}

@Composable
private fun List(state: PhonesState, model: PhonesModel, stage: Stage) {
    val words = stage.words
    val (past, present) = state.phones.partition(Phone::isRemoved)
    for (phone in present) {
        ListRow(name(phone, words), detail = detail(phone, words, stage), icon = Icons.OnPhone) { if (phone.isThis) model.rename(phone.name) else model.choose(phone) }
        Line()
    }
    if (state.isOn) {
        MainButton(words["add_phone"], { stage.way.open(AddPhonePage) }, Modifier.padding(top = 16.dp), Icons.Add)
        Help(words["add_phone_what"])
        ListRow(words["let_through"], detail = words["let_through_what"], icon = Icons.Key) { model.letThrough("") }
    } else {
        Help(words["phones_off"])
        MainButton(words["turn_on"], { stage.way.open(TurnOnPage) }, Modifier.padding(top = 8.dp))
        OtherButton(words["join_family"], { stage.way.open(JoinPage) }, Modifier.padding(top = 8.dp))
    }
    if (past.isNotEmpty()) {
        Head(words["past_phones"])
        for (phone in past) ListRow(name(phone, words), detail = detail(phone, words, stage), icon = Icons.OnPhone) { model.choose(phone) }
    }
}

private fun name(phone: Phone, words: Words) = phone.name.ifEmpty { words["phone_without_name"] }

private fun detail(phone: Phone, words: Words, stage: Stage): String = listOfNotNull(
    words["this_phone"].takeIf { phone.isThis },
    phone.member.ifEmpty { null },
    phone.addedMs.takeIf { it > 0 }?.let { words["added_on", dayOf(it, stage.device.zone, words)] },
).joinToString(". ")

@Composable
private fun RenameSheet(state: PhonesState, model: PhonesModel) {
    val words = LocalStage.current.words
    val name = state.name ?: return
    Sheet(words["rename_phone"], { model.rename(null) }) {
        Field(words["phone_name"], name, model::rename, wrong = state.nameWrong)
        Help(words["rename_what"])
        MainButton(words["save"], model::saveName, Modifier.padding(top = 8.dp))
    }
}

@Composable
private fun LetThroughSheet(state: PhonesState, model: PhonesModel) {
    val words = LocalStage.current.words
    val digits = state.digits ?: return
    Sheet(words["let_through"], { model.letThrough(null) }) {
        if (state.isLetThrough) {
            Text(words["let_through_done"], Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyLarge)
            return@Sheet MainButton(words["done"], { model.letThrough(null) }, Modifier.padding(top = 8.dp))
        }
        Help(words["let_through_how"])
        Field(words["ten_digits"], digits, model::letThrough, wrong = state.digitsWrong)
        MainButton(words["let_through_yes"], model::sendDigits, Modifier.padding(top = 8.dp))
    }
}

@Composable
private fun PhoneSheet(state: PhonesState, model: PhonesModel, stage: Stage) {
    val words = stage.words
    val phone = state.chosen ?: return
    Sheet(name(phone, words), { model.choose(null) }) {
        Help(detail(phone, words, stage))
        if (phone.addedBy.isNotEmpty()) Help(words["added_by", phone.addedBy])
        if (phone.isRemoved) return@Sheet Help(words["removed_what"])
        state.chosenWrong?.let { Wrong(it) }
        when {
            state.isSignedOut -> Text(words["phone_signed_out"], Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyLarge)
            state.chosenAt != null -> {
                Help(words["sign_out_phone_what"])
                OtherButton(words["sign_out_phone"], model::signOut, Modifier.padding(top = 8.dp))
            }
            else -> Help(words["sign_out_not_mine"])
        }
    }
}
