package kinfolio.ui.family.lock

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.key.onPreviewKeyEvent
import androidx.compose.ui.input.pointer.PointerEventPass
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Core
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.look.Comfort
import kinfolio.ui.look.Faces
import kinfolio.ui.look.KinfolioLook
import kinfolio.ui.look.Look
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Loading

internal val LocalTouched = staticCompositionLocalOf<() -> Unit> { {} }

/** Tells the guard of every touch and key, and takes none of them away. Each window needs it: a sheet is one of its own. */
@Composable
internal fun Modifier.watched(): Modifier {
    val touched = LocalTouched.current
    val touch = Modifier.pointerInput(touched) {
        awaitPointerEventScope {
            while (true) {
                awaitPointerEvent(PointerEventPass.Initial)
                touched()
            }
        }
    }
    val key = Modifier.onPreviewKeyEvent {
        touched()
        false
    }
    return this then touch then key
}

/** What is shown once the record is open; before that the question for the PIN, or why it does not open. */
@Composable
fun Guarded(
    guard: Guard, words: Words, faces: Faces, look: Look, comfort: () -> Comfort, modifier: Modifier = Modifier,
    locked: @Composable () -> Unit = { LockedScreen(guard) }, content: @Composable (Core) -> Unit,
) {
    LaunchedEffect(guard) { guard.start() }
    val now by guard.state.collectAsState()
    CompositionLocalProvider(LocalWords provides words, LocalTouched provides guard::touched) {
        KinfolioLook(look, faces, comfort()) {
            Box(modifier.fillMaxSize().watched()) {
                when (val it = now) {
                    is Watch.Open -> content(it.core)
                    is Watch.Failed -> Failed(words["record_not_open", it.reason], guard::start, Modifier.padding(16.dp))
                    is Watch.Locked -> Box(Modifier.fillMaxSize().padding(16.dp)) { locked() }
                    is Watch.Busy -> Loading()
                }
            }
        }
    }
}
