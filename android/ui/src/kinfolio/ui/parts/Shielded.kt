package kinfolio.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import kinfolio.ui.stage.LocalStage

/** Keeps what is shown out of screenshots while it is: a key, or a real name. */
@Composable
internal fun Shielded() {
    val shield = LocalStage.current.device.outside.shield
    DisposableEffect(shield) {
        shield.hide(true)
        onDispose { shield.hide(false) }
    }
}
