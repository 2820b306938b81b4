package kinfolio.ui.adding

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import kinfolio.ui.Device
import kinfolio.ui.LocalWords
import kinfolio.ui.look.KinfolioLook

/** The sheet for a new entry alone. [onClose] comes once everything typed is kept. */
@Composable
fun QuickAdd(device: Device, onClose: () -> Unit) {
    val scope = rememberCoroutineScope()
    val model = remember { AddingModel(device.core, scope, device.today()) { device.words[it] } }
    CompositionLocalProvider(LocalWords provides device.words) {
        KinfolioLook(device.look, device.faces, device.comfort.state.value) { AddingSheet(model, device.today(), onClose) }
    }
}
