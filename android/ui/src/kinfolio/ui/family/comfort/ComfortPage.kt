package kinfolio.ui.family.comfort

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.ui.look.Comfort
import kinfolio.ui.look.Icons
import kinfolio.ui.look.LearnerColour
import kinfolio.ui.look.Letters
import kinfolio.ui.look.Look
import kinfolio.ui.look.Spacing
import kinfolio.ui.look.chosen
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.LearnerDisc
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kotlin.math.roundToInt

/** How a parent wants to read: every choice is seen at once, here and everywhere. */
object ComfortPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val comforts = stage.device.comfort
        val comfort by comforts.state.collectAsState()
        PageFrame(stage.words["comfort"]) {
            Sample()
            Themes(comfort, stage.device.look, comforts::choose)
            Faces(comfort, comforts::choose)
            Head(stage.words["comfort_spacing"])
            val spacings = listOf(Spacing.Normal to "spacing_normal", Spacing.Wide to "spacing_wide", Spacing.Wider to "spacing_wider")
            Segments(spacings.map { (one, name) -> one to stage.words[name] }, comfort.spacing, { comforts.choose(comfort.copy(spacing = it)) })
            Head(stage.words["comfort_size"])
            Text(stage.words["comfort_size_what", (LocalDensity.current.fontScale * 100).roundToInt()], style = MaterialTheme.typography.bodyLarge)
            SwitchRow(stage.words["comfort_still"], comfort.isStill, { comforts.choose(comfort.copy(isStill = it)) }, stage.words["comfort_still_what"])
        }
    }
}

/** An entry as it is read with what is chosen. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Sample() {
    val words = LocalStage.current.words
    val otter = Learner("", words["sample_nickname"], "\uD83E\uDDA6", LearnerColour.Blue.kept, false)
    Card(Modifier.padding(top = 4.dp)) {
        Row(Modifier.fillMaxWidth(), verticalAlignment = Alignment.CenterVertically) {
            Text(words["sample_title"], Modifier.weight(1f), style = MaterialTheme.typography.titleMedium)
            LearnerDisc(otter, 28.dp, Modifier.padding(start = 8.dp))
        }
        Text(words["sample_note"], Modifier.padding(vertical = 4.dp), style = MaterialTheme.typography.bodyLarge)
        FlowRow(Modifier.fillMaxWidth(), Arrangement.End, itemVerticalAlignment = Alignment.CenterVertically) {
            Icon(Icons.Stored, null, Modifier.padding(end = 8.dp).size(16.dp), tint = MaterialTheme.colorScheme.primary)
            Text(words["sample_stored"], style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
        }
    }
}

@Composable
private fun Themes(comfort: Comfort, phone: Look, onChoose: (Comfort) -> Unit) {
    val words = LocalStage.current.words
    val looks = listOf(Look.Light to words["theme_light"], Look.Cream to words["theme_cream"], Look.Dark to words["theme_dark"])
    val now = comfort.look ?: phone
    Head(words["comfort_theme"])
    if (LocalDensity.current.fontScale >= 1.6f) {
        Column(Modifier.selectableGroup()) { for ((look, name) in looks) RadioRow(name, look == now, { onChoose(comfort.copy(look = look)) }) }
    } else {
        Row(Modifier.fillMaxWidth().selectableGroup(), Arrangement.spacedBy(8.dp)) {
            for ((look, name) in looks) ThemeTile(look, name, look == now, Modifier.weight(1f)) { onChoose(comfort.copy(look = look)) }
        }
    }
    SwitchRow(words["theme_phone"], comfort.look == null, { onChoose(comfort.copy(look = if (it) null else now)) })
}

@Composable
private fun Faces(comfort: Comfort, onChoose: (Comfort) -> Unit) {
    val stage = LocalStage.current
    val words = stage.words
    Head(words["comfort_letters"])
    Column(Modifier.selectableGroup()) {
        for ((letters, name) in listOf(Letters.Clear to "letters_clear", Letters.Book to "letters_book", Letters.Phone to "letters_phone")) {
            val face = chosen(stage.device.faces, letters).text
            RadioRow(words[name], letters == comfort.letters, { onChoose(comfort.copy(letters = letters)) }, words["${name}_what"], face = face)
            Line()
        }
    }
}
