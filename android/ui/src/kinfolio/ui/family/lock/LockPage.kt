package kinfolio.ui.family.lock

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
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
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page

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
        Head(words["pin"])
        ListRow(words["change_pin"]) { stage.way.open(PinPage(PinDoing.Change)) }
        Line()
        ListRow(words["remove_pin"], detail = words["remove_pin_what"]) { stage.way.open(PinPage(PinDoing.Remove)) }
    }
}
