package kinfolio.ui.stage

import androidx.compose.runtime.staticCompositionLocalOf
import kinfolio.bridge.Core
import kinfolio.ui.Device
import kinfolio.ui.Words

/** What every screen may reach for. */
class Stage(
    val device: Device,
    val way: Way,
    val notices: Notices,
    val syncing: Syncing,
    /** Called when this phone has joined a family: a first run is over then. */
    val onJoined: () -> Unit = {},
) {
    val core: Core get() = device.core
    val words: Words get() = device.words
    val pictures = Pictures(device)
}

val LocalStage = staticCompositionLocalOf<Stage> { error("screens stand on the stage") }
