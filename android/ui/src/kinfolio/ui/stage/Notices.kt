package kinfolio.ui.stage

import androidx.compose.foundation.layout.Box
import androidx.compose.material3.Snackbar
import androidx.compose.material3.SnackbarData
import androidx.compose.material3.SnackbarDuration
import androidx.compose.material3.SnackbarHost
import androidx.compose.material3.SnackbarHostState
import androidx.compose.material3.SnackbarResult
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import kinfolio.ui.look.LocalStill
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull

/** So long a notice stands. */
private const val STANDS_MS = 10_000L

/** What was done, in a line at the bottom, and the way to take it back. Never what went wrong: that stands where it happened. */
class Notices(private val scope: CoroutineScope) {
    internal val host = SnackbarHostState()
    private var shown: Job? = null

    /** [onPassed] is for what the core cannot take back: it is done once nobody can ask for it back any more. */
    fun say(text: String, action: String? = null, onPassed: suspend () -> Unit = {}, onAction: suspend () -> Unit = {}) {
        shown?.cancel()
        shown = scope.launch {
            var isTaken = false
            try {
                val result = withTimeoutOrNull(STANDS_MS) { host.showSnackbar(text, action, duration = SnackbarDuration.Indefinite) }
                isTaken = result == SnackbarResult.ActionPerformed
                if (isTaken) onAction()
            } finally {
                if (!isTaken) withContext(NonCancellable) { onPassed() }
            }
        }
    }

    /** What has to be done although its page is being left. */
    fun keep(what: suspend () -> Unit) {
        scope.launch { withContext(NonCancellable) { what() } }
    }
}

@Composable
internal fun NoticeLine(notices: Notices, modifier: Modifier = Modifier) {
    // The host fades lines in and out.
    if (LocalStill.current) notices.host.currentSnackbarData?.let { Box(modifier) { Notice(it) } } else SnackbarHost(notices.host, modifier) { Notice(it) }
}

@Composable
private fun Notice(of: SnackbarData) = Snackbar(of, shape = MaterialTheme.shapes.medium, actionColor = MaterialTheme.colorScheme.inversePrimary)
