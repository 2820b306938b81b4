package kinfolio.ui.family.safety

import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Orderer
import kinfolio.bridge.Problem
import kinfolio.bridge.SignInState
import kinfolio.bridge.Told
import kinfolio.bridge.WhereAll
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.family.signin.SigningInPart
import kinfolio.ui.family.signin.dayOf
import kinfolio.ui.family.signin.moment
import kinfolio.ui.family.signin.said
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.Question
import kinfolio.ui.parts.Working
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.SyncingState

/** Farther off than this a clock is worth a word. */
private const val CLOCK_TOLD_MS = 120_000L

/** What is done now, what went wrong, and what a person can do about it. */
@Composable
internal fun Doing(state: SafetyState, model: SafetyModel, syncing: SyncingState, stage: Stage) {
    val words = stage.words
    val all = state.all ?: return
    Alarm(all, state, model)
    Told(state, model, stage)
    if (state.signIn !is SignInState.Now) {
        Clay(words["signed_out"], words["signed_out_what"]) {
            SigningInPart(model.signingIn) { MainButton(words["sign_in_again"], model::signInAgain, Modifier.padding(top = 8.dp)) }
        }
        return
    }
    state.endsSoonMs?.let {
        Clay(words["ends_soon", dayOf(it, stage.device.zone, words)], words["ends_soon_what"]) {
            SigningInPart(model.signingIn) { OtherButton(words["sign_in_again"], model::signInAgain, Modifier.padding(top = 8.dp)) }
        }
    }
    if (syncing.isRunning) {
        val text = if (syncing.far.total == 0L) words["looking"] else words["sending_of", syncing.far.done, syncing.far.total]
        return Working(text, syncing.far.part, stage.syncing::stop)
    }
    when (val problem = syncing.problem) {
        null -> {}
        // It stands above, with the way to sign in.
        is Problem.SignInAgain -> {}
        is Problem.Locked -> Wrong(words["not_enrolled"])
        else -> Wrong(said(problem, words))
    }
    OtherButton(words["sync_now"], stage.syncing::now, Modifier.padding(top = 8.dp))
    if (kotlin.math.abs(all.clockOffMs) > CLOCK_TOLD_MS) Help(words.count("clock_off", kotlin.math.abs(all.clockOffMs) / 60_000))
}

@Composable
private fun Alarm(all: WhereAll, state: SafetyState, model: SafetyModel) {
    val words = LocalWords.current
    if (!all.historyDiffers) return
    Clay(words["history_differs"], words["history_differs_what"]) {
        state.alarmWrong?.let { Wrong(it) }
        OtherButton(words["look_again"], model::lookAgain, Modifier.padding(top = 8.dp))
    }
}

/** What the server tells every phone of the family. */
@Composable
private fun Told(state: SafetyState, model: SafetyModel, stage: Stage) {
    val words = stage.words
    val told = state.told ?: return
    told.erasureMs?.let {
        Clay(words["erasure", dayOf(it, stage.device.zone, words)], orderedBy(told, words)) {
            Help(words["erasure_what"])
            OtherButton(words["call_off"], model::callOffErasure, Modifier.padding(top = 8.dp))
        }
    }
    told.recoveryReadMs?.let {
        val who = told.readBy.ifEmpty { words["somebody"] }
        Clay(words["recovery_read", who], words["recovery_read_what", moment(it, stage.device.zone, stage.device.today(), words)]) {
            OtherButton(words["it_was_us"], model::putAwayRecoveryRead, Modifier.padding(top = 8.dp))
        }
    }
    state.toldWrong?.let { Wrong(it) }
}

private fun orderedBy(told: Told, words: Words): String = when (val by = told.orderedBy) {
    is Orderer.APhone -> words["erasure_by_phone", by.name.ifEmpty { words["a_phone"] }]
    Orderer.TheWords -> words["erasure_by_words"]
    else -> words["erasure_by_accounts"]
}

/** What another phone deleted for good: here too, or kept for everybody. */
@Composable
internal fun Deletions(state: SafetyState, model: SafetyModel) {
    val words = LocalWords.current
    val count = state.deletions.size.toLong()
    var isAsking by remember { mutableStateOf(false) }
    if (count == 0L) return
    val names = state.deletions.mapNotNull { it.title.ifEmpty { null } }.take(5).joinToString { words["quoted", it] }
    Clay(words.count("deleted_elsewhere", count), words["deleted_elsewhere_what"]) {
        if (names.isNotEmpty()) Help(names)
        state.deletionsWrong?.let { Wrong(it) }
        OtherButton(words["keep_deleted"], model::keepDeleted, Modifier.padding(top = 8.dp))
        OtherButton(words["delete_here_too"], { isAsking = true }, Modifier.padding(top = 8.dp))
    }
    if (isAsking) {
        Question(words.count("delete_these", count), words["delete_these_what"], words["delete_here_too"], words["keep_deleted"], { isAsking = false }) {
            isAsking = false
            model.acceptDeletions()
        }
    }
}

/** A card for what a person must act on. */
@Composable
internal fun Clay(title: String, text: String, content: @Composable () -> Unit) {
    Card(Modifier.padding(top = 12.dp), MaterialTheme.colorScheme.errorContainer) {
        Text(title, style = MaterialTheme.typography.labelLarge, color = MaterialTheme.colorScheme.onErrorContainer)
        Text(text, Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onErrorContainer)
        content()
    }
}
