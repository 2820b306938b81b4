package kinfolio.ui

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.ui.look.Comfort
import kinfolio.ui.look.Faces
import kinfolio.ui.look.KinfolioLook
import kinfolio.ui.look.Look
import kinfolio.ui.parts.Failed

/** What is shown once the record is open; before that nothing, and when it does not open, why, and a button that tries again. */
@Composable
fun Opened(
    words: Words, faces: Faces, look: Look, comfort: Comfort, open: suspend () -> Outcome<Core>, modifier: Modifier = Modifier,
    content: @Composable (Core) -> Unit,
) {
    var tries by remember { mutableIntStateOf(0) }
    var opened by remember { mutableStateOf<Outcome<Core>?>(null) }
    LaunchedEffect(tries) { opened = open() }
    CompositionLocalProvider(LocalWords provides words) {
        KinfolioLook(look, faces, comfort) {
            Box(modifier) {
                when (val now = opened) {
                    null -> {}
                    is Outcome.Done -> content(now.value)
                    is Outcome.Failed -> Failed(words["record_not_open", now.problem.reason], {
                        opened = null
                        tries++
                    }, Modifier.padding(16.dp))
                }
            }
        }
    }
}
