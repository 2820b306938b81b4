package kinfolio.ui

import androidx.compose.foundation.background
import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.semantics.clearAndSetSemantics
import kinfolio.bridge.or
import kinfolio.ui.adding.AddingModel
import kinfolio.ui.adding.AddingSheet
import kinfolio.ui.firstrun.FirstRunModel
import kinfolio.ui.firstrun.FirstRunScreen
import kinfolio.ui.look.KinfolioLook
import kinfolio.ui.timeline.TimelineModel
import kinfolio.ui.timeline.TimelineScreen

/** The whole app, on whatever runs it. */
@Composable
fun App(device: Device) {
    CompositionLocalProvider(LocalWords provides device.words) {
        KinfolioLook(device.look, device.faces) {
            // Null until the record has said whether somebody is there.
            var isFirstRun by remember { mutableStateOf<Boolean?>(null) }
            LaunchedEffect(device) { isFirstRun = device.core.learners.list().or { emptyList() }.isEmpty() }
            when (isFirstRun) {
                null -> Box(Modifier.fillMaxSize())
                true -> First(device) { isFirstRun = false }
                false -> Home(device)
            }
        }
    }
}

@Composable
private fun First(device: Device, onDone: () -> Unit) {
    val scope = rememberCoroutineScope()
    val model = remember { FirstRunModel(device.core, scope, device.today(), { device.words[it] }, onDone) }
    FirstRunScreen(model)
}

@Composable
private fun Home(device: Device) {
    val scope = rememberCoroutineScope()
    val timeline = remember { TimelineModel(device.core, scope) }
    var adding by remember { mutableStateOf<AddingModel?>(null) }
    Box(Modifier.fillMaxSize()) {
        // What lies under the sheet is out of reach for those who listen, too.
        Box(if (adding == null) Modifier else Modifier.clearAndSetSemantics {}) {
            TimelineScreen(timeline, device.zone) {
                adding = AddingModel(device.core, scope, device.today()) { device.words[it] }
            }
        }
        adding?.let { model ->
            // A tap beside the sheet closes it; it has a button for that, too.
            Box(
                Modifier.fillMaxSize().background(MaterialTheme.colorScheme.scrim)
                    .pointerInput(model) { detectTapGestures { model.close { adding = null } } },
            )
            AddingSheet(model, device.today(), { adding = null }, Modifier.align(Alignment.BottomCenter))
        }
    }
}
