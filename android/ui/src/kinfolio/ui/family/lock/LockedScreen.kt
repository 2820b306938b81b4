package kinfolio.ui.family.lock

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.TextAction
import kotlinx.coroutines.launch

/** The question for the PIN, before anything of the record is there. */
@Composable
internal fun LockedScreen(guard: Guard) {
    val words = LocalWords.current
    var isForgotten by remember { mutableStateOf(false) }
    Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(top = 24.dp)) {
        Text(words["locked"], Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium)
        // As it was when the question was put: fingers that have changed turn it off, and that is said here.
        val isQuick = remember { guard.lock.quick?.isOn == true }
        if (isQuick) AskFinger(guard)
        AskPin(words["unlock"], guard::unlock, Modifier.padding(top = 16.dp))
        TextAction(words["pin_forgotten"], { isForgotten = !isForgotten })
        if (isForgotten) Help(words["pin_forgotten_what"])
    }
}

/** Asks for a finger or a face at once, and again when somebody wants it. */
@Composable
private fun AskFinger(guard: Guard) {
    val words = LocalWords.current
    val scope = rememberCoroutineScope()
    var isAsking by remember { mutableStateOf(false) }
    var hasChanged by remember { mutableStateOf(false) }
    fun ask() {
        if (isAsking) return
        isAsking = true
        scope.launch {
            try {
                guard.unlockQuickly()
            } catch (_: FingerChanged) {
                hasChanged = true
            } finally {
                isAsking = false
            }
        }
    }
    LaunchedEffect(guard) { ask() }
    if (hasChanged) Help(words["finger_changed"], Modifier.padding(top = 16.dp))
    else OtherButton(words[if (isAsking) "pin_looking" else "finger"], ::ask, Modifier.padding(top = 16.dp), Icons.Finger)
}

/** A field for the PIN and a button. What was wrong stands under the field. */
@Composable
internal fun AskPin(action: String, ask: suspend (String) -> Tried, modifier: Modifier = Modifier) {
    val words = LocalWords.current
    val scope = rememberCoroutineScope()
    val focus = remember { FocusRequester() }
    var typed by remember { mutableStateOf("") }
    var wrong by remember { mutableStateOf<String?>(null) }
    var isAsking by remember { mutableStateOf(false) }
    fun give() {
        if (isAsking) return
        if (typed.isEmpty()) return run { wrong = words["pin_first"] }
        isAsking = true
        scope.launch {
            wrong = wrongOf(ask(typed), words)
            typed = ""
            isAsking = false
        }
    }
    LaunchedEffect(Unit) { focus.requestFocus() }
    Column(modifier.widthIn(max = 480.dp)) {
        Field(words["pin"], typed, { typed = it }, Modifier.focusRequester(focus), wrong = wrong, onDone = ::give)
        // Looking takes a second on purpose: the words say that it is being done.
        MainButton(if (isAsking) words["pin_looking"] else action, ::give, Modifier.padding(top = 12.dp))
    }
}

/** What a person reads of a PIN that was not right. */
internal fun wrongOf(tried: Tried, words: Words): String? = when (tried) {
    is Tried.Right -> null
    is Tried.Wrong -> words.count("pin_wrong", tried.left.toLong())
    is Tried.Wait -> words["pin_wait", lasting(tried.ms, words)]
}

private const val SECOND_MS = 1_000L
private const val MINUTE_MS = 60_000L
private const val HOUR_MS = 3_600_000L

private fun lasting(ms: Long, words: Words): String = when {
    ms < MINUTE_MS -> words.count("wait_seconds", up(ms, SECOND_MS))
    ms < HOUR_MS -> words.count("wait_minutes", up(ms, MINUTE_MS))
    else -> words.count("wait_hours", up(ms, HOUR_MS))
}

private fun up(ms: Long, unit: Long) = (ms + unit - 1) / unit
