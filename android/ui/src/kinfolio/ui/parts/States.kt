package kinfolio.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.ui.LocalWords
import kotlinx.coroutines.delay

private const val ROWS_AFTER_MS = 300L
private const val WORDS_AFTER_MS = 5_000L

/** What is loading: nothing at first, then grey lines, then words. */
@Composable
internal fun Loading(modifier: Modifier = Modifier) {
    var step by remember { mutableStateOf(0) }
    LaunchedEffect(Unit) {
        delay(ROWS_AFTER_MS)
        step = 1
        delay(WORDS_AFTER_MS - ROWS_AFTER_MS)
        step = 2
    }
    Column(modifier.padding(vertical = 16.dp)) {
        if (step == 2) Help(LocalWords.current["still_opening"])
        if (step > 0) repeat(3) {
            val grey = MaterialTheme.colorScheme.surfaceVariant
            Box(Modifier.fillMaxWidth().padding(vertical = 8.dp).height(40.dp).background(grey, MaterialTheme.shapes.small).clearAndSetSemantics {})
        }
    }
}

/** What did not come, and the way to ask again. */
@Composable
internal fun Failed(text: String, onAgain: () -> Unit, modifier: Modifier = Modifier) {
    Column(modifier.padding(vertical = 16.dp)) {
        Wrong(text)
        OtherButton(LocalWords.current["try_again"], onAgain, Modifier.padding(top = 8.dp))
    }
}

/** Nothing is there yet, and what to do about it. */
@Composable
internal fun Empty(text: String, modifier: Modifier = Modifier, action: String? = null, onAction: () -> Unit = {}) {
    Column(modifier.padding(vertical = 24.dp)) {
        Text(text, style = MaterialTheme.typography.bodyLarge)
        action?.let { OtherButton(it, onAction, Modifier.padding(top = 12.dp)) }
    }
}

/** Long work: how far it is, in words as well, and the way to stop it. [part] is between 0 and 1. */
@Composable
internal fun Working(text: String, part: Float, onStop: () -> Unit, modifier: Modifier = Modifier) {
    Column(modifier.fillMaxWidth().padding(vertical = 12.dp)) {
        Text(text, Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyLarge)
        LinearProgressIndicator({ part }, Modifier.fillMaxWidth().padding(vertical = 8.dp), drawStopIndicator = {})
        OtherButton(LocalWords.current["stop"], onStop)
    }
}
