package kinfolio.ui.adding

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import java.time.LocalDate
import kinfolio.bridge.Inbox
import kinfolio.bridge.Outcome
import kinfolio.ui.Device
import kinfolio.ui.LocalWords
import kinfolio.ui.look.KinfolioLook
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.Sheet
import kotlinx.coroutines.launch

/** The sheet for a new entry alone. [onClose] comes once everything typed is kept. */
@Composable
fun QuickAdd(device: Device, onClose: () -> Unit) {
    val scope = rememberCoroutineScope()
    val model = remember { AddingModel(device.core, scope, device.today()) { device.words[it] } }
    KinfolioLook(device.look, device.faces, device.comfort.state.value) { AddingSheet(model, device.today(), onClose) }
}

/** A note into a record that is locked: no name of a child is shown, and what was noted can't be read again before it is unlocked. */
@Composable
fun QuickNote(inbox: Inbox, today: LocalDate, onClose: () -> Unit) {
    val words = LocalWords.current
    val scope = rememberCoroutineScope()
    val first = remember { FocusRequester() }
    var text by rememberSaveable { mutableStateOf("") }
    var wrong by remember { mutableStateOf<String?>(null) }
    val keep = {
        scope.launch {
            when (val put = inbox.put("", text, emptyList(), today)) {
                is Outcome.Done -> onClose()
                is Outcome.Failed -> wrong = put.problem.reason
            }
        }
    }
    // Closed without Save, what was typed is kept all the same, as it is when nothing is locked.
    Sheet(words["add_entry"], { if (text.isBlank()) onClose() else keep() }) {
        LaunchedEffect(Unit) { first.requestFocus() }
        val typed = { it: String ->
            text = it
            wrong = null
        }
        Field(words["what_happened"], text, typed, Modifier.focusRequester(first), lines = 3, wrong = wrong, showsLabel = false)
        Help(words["note_while_locked"])
        MainButton(words["save"], { if (text.isBlank()) wrong = words["something_first"] else keep() }, Modifier.align(Alignment.End))
    }
}
