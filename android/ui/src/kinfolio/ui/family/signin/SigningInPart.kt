package kinfolio.ui.family.signin

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.text.selection.SelectionContainer
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.ui.LocalWords
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong

/** Where a sign-in stands. While nothing is under way [begin] is there, with what went wrong the last time. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun SigningInPart(of: SigningIn, begin: @Composable () -> Unit) {
    val words = LocalWords.current
    val round by of.state.collectAsState()
    when (val now = round) {
        Round.Idle -> begin()
        is Round.Failed -> {
            Wrong(said(now.problem, words))
            begin()
        }
        Round.Opening -> Waits(words["signin_opening"], of)
        Round.Finishing -> Waits(words["signin_finishing"], of)
        is Round.AtPage -> Card(Modifier.padding(vertical = 8.dp)) {
            val text = if (now.isOpen) words["signin_at_page"] else words["signin_no_browser"]
            Text(text, Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyLarge)
            Help(words["signin_stays"])
            if (!now.isOpen) SelectionContainer { Text(now.url, style = MaterialTheme.typography.bodyMedium) }
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
                OtherButton(words["signin_open_again"], of::openAgain)
                TextAction(words["stop"], of::stop)
            }
        }
    }
}

@Composable
private fun Waits(text: String, of: SigningIn) {
    val words = LocalWords.current
    Card(Modifier.padding(vertical = 8.dp)) {
        Text(text, Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyLarge)
        TextAction(words["stop"], of::stop)
    }
}
