package kinfolio.ui.stage

import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.input.key.Key
import kinfolio.bridge.Core
import kinfolio.ui.Device
import kinfolio.ui.Words
import kinfolio.ui.search.SearchPage

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

    /** A new entry was asked for by a key; the timeline brings it up. */
    internal var wantsEntry by mutableStateOf(false)

    /** Ctrl+N for a new entry, Ctrl+F for the search. True: it was one of them. */
    internal fun shortcut(key: Key): Boolean = when (key) {
        Key.N -> true.also {
            way.home()
            wantsEntry = true
        }
        Key.F -> true.also {
            way.home()
            way.openOver(way.root, SearchPage)
        }
        else -> false
    }
}

val LocalStage = staticCompositionLocalOf<Stage> { error("screens stand on the stage") }
