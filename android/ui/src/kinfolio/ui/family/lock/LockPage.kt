package kinfolio.ui.family.lock

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kotlinx.coroutines.launch

/** Whether a PIN keeps the record, and when it locks. */
object LockPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val guard = checkNotNull(stage.device.outside.guard) { "there is no lock here" }
        val words = stage.words
        if (guard.lock.hasPin) Locking(guard) else PageFrame(words["lock"]) {
            Text(words["no_pin"], style = MaterialTheme.typography.bodyLarge)
            Help(words["no_pin_what"])
            MainButton(words["set_pin"], { stage.way.open(PinPage(PinDoing.Set)) }, Modifier.padding(top = 12.dp), Icons.Lock)
        }
    }
}

@Composable
private fun Locking(guard: Guard) {
    val stage = LocalStage.current
    val words = stage.words
    val after by guard.after.collectAsState()
    PageFrame(words["lock"], foot = { MainButton(words["lock_now"], guard::lockNow, icon = Icons.Lock) }) {
        Text(words["has_pin"], style = MaterialTheme.typography.bodyLarge)
        Help(words["has_pin_what"])
        Head(words["lock_after"])
        Column(Modifier.selectableGroup()) {
            for (minutes in AFTER_MINUTES) {
                val name = if (minutes == 0) words["lock_never"] else words.count("wait_minutes", minutes.toLong())
                RadioRow(name, minutes == after, { guard.lockAfter(minutes) }, if (minutes == 0) words["lock_never_what"] else "")
            }
        }
        guard.lock.quick?.let { FingerRow(it) }
        Head(words["pin"])
        ListRow(words["change_pin"]) { stage.way.open(PinPage(PinDoing.Change)) }
        Line()
        ListRow(words["remove_pin"], detail = words["remove_pin_what"]) { stage.way.open(PinPage(PinDoing.Remove)) }
    }
}

@Composable
private fun FingerRow(quick: Quick) {
    val words = LocalStage.current.words
    val scope = rememberCoroutineScope()
    var isOn by remember { mutableStateOf(quick.isOn) }
    var isRefused by remember { mutableStateOf(false) }
    SwitchRow(words["finger"], isOn, { wanted ->
        isRefused = false
        if (wanted) scope.launch {
            isOn = quick.turnOn()
            isRefused = !isOn
        } else {
            quick.turnOff()
            isOn = false
        }
    }, words["finger_what"], Icons.Finger)
    if (isRefused) Wrong(words["finger_refused"])
}
