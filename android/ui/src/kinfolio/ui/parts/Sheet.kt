package kinfolio.ui.parts

import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.Dialog
import androidx.compose.ui.window.DialogProperties
import kinfolio.ui.LocalWords
import kinfolio.ui.family.lock.watched
import kinfolio.ui.look.Icons

/** What comes up from below over a page. A tap beside it, Back and its button close it; nothing that was typed is asked about. */
@Composable
internal fun Sheet(title: String, onClose: () -> Unit, beside: String = "", content: @Composable ColumnScope.() -> Unit) {
    Dialog(onClose, DialogProperties(usePlatformDefaultWidth = false)) {
        Box(
            // The window that holds it darkens what is below.
            Modifier.fillMaxSize().watched().pointerInput(Unit) { detectTapGestures { onClose() } },
            Alignment.BottomCenter,
        ) {
            Surface(
                Modifier.widthIn(max = 640.dp).fillMaxWidth().pointerInput(Unit) { detectTapGestures {} },
                shape = MaterialTheme.shapes.extraLarge, color = MaterialTheme.colorScheme.background,
            ) {
                Column(Modifier.verticalScroll(rememberScrollState()).padding(16.dp)) {
                    Row(verticalAlignment = Alignment.CenterVertically) {
                        Text(title, Modifier.weight(1f).semantics { heading() }, style = MaterialTheme.typography.titleLarge)
                        Text(beside, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
                        IconButton(onClose, Modifier.size(48.dp)) { Icon(Icons.Close, LocalWords.current["close"], Modifier.size(20.dp)) }
                    }
                    content()
                }
            }
        }
    }
}

/** A question before something that is not taken back with one tap. [yes] says what happens; [no] is the way out. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun Question(title: String, text: String, yes: String, no: String, onNo: () -> Unit, onYes: () -> Unit) {
    Sheet(title, onNo) {
        Text(text, style = MaterialTheme.typography.bodyLarge)
        FlowRow(
            Modifier.fillMaxWidth().padding(top = 16.dp),
            horizontalArrangement = Arrangement.spacedBy(8.dp, Alignment.End), verticalArrangement = Arrangement.spacedBy(8.dp),
        ) {
            OtherButton(no, onNo)
            MainButton(yes, onYes)
        }
    }
}
