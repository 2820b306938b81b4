package kinfolio.ui.entry

import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import java.time.Instant
import java.time.ZoneId
import kinfolio.bridge.Stored
import kinfolio.ui.Words
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.IconAction
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.LocalStop
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.launch

/** One entry, to read and to write. */
data class EntryPage(val id: String) : Page {
    @Composable
    override fun Content() = EntryScreen(id)
}

@Composable
private fun EntryScreen(id: String) {
    val stage = LocalStage.current
    val words = stage.words
    val model = kept { EntryModel(stage.core, id, it, System::currentTimeMillis) }
    val state by model.state.collectAsState()
    val scope = LocalStop.current.scope
    var showsMore by rememberSaveable { mutableStateOf(false) }
    LaunchedEffect(model) { model.watch() }
    val written = state.written
    PageFrame(
        words[if (written?.onRecord == false) "draft" else "entry"],
        actions = {
            if (written != null && !state.isGone) {
                val isStarred = written.starred
                IconAction(
                    if (isStarred) Icons.Starred else Icons.Star, words[if (isStarred) "take_star_off" else "put_star_on"],
                    { model.change { it.copy(starred = !isStarred) } },
                )
                IconAction(Icons.More, words["more_of_entry"], { showsMore = true })
            }
        },
        foot = if (written?.onRecord == false && !state.isGone) ({ MainButton(words["save"], model::putOnRecord) }) else null,
    ) {
        when {
            state.isGone -> Empty(words["entry_in_trash"], action = words["bring_entry_back"]) { scope.launch { model.bringBack() } }
            state.failed != null && written == null -> Failed(state.failed.orEmpty(), { scope.launch { model.load() } })
            written == null -> Loading()
            else -> {
                StateLine(state, words, stage.device.zone)
                EntryFields(state, written, model)
                FilesPart(id, state.files)
                EntryMore(written, model)
            }
        }
    }
    if (showsMore) MoreSheet(id, model) { showsMore = false }
}

/** When it was kept here, and where it is. */
@Composable
private fun StateLine(state: EntryState, words: Words, zone: ZoneId) {
    val colours = MaterialTheme.colorScheme
    Row(
        Modifier.fillMaxWidth().heightIn(min = 40.dp).semantics { liveRegion = LiveRegionMode.Polite },
        verticalAlignment = Alignment.CenterVertically,
    ) {
        val picture = when (state.stored) {
            Stored.OnThisPhone -> Icons.OnPhone
            Stored.Waiting -> Icons.Waiting
            Stored.OnServer -> Icons.Stored
        }
        Icon(picture, null, Modifier.size(16.dp), tint = colours.onSurfaceVariant)
        Text(said(state, words, zone), Modifier.padding(start = 12.dp), style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
    }
    Line()
    state.notKept?.let { Wrong(words["entry_not_kept", it]) }
}

private fun said(state: EntryState, words: Words, zone: ZoneId): String {
    val place = when (state.stored) {
        Stored.OnThisPhone -> words["only_here"]
        Stored.Waiting -> words["waiting"]
        Stored.OnServer -> words["stored"]
    }
    val at = state.savedAtMs?.let { Instant.ofEpochMilli(it).atZone(zone) } ?: return place
    return words["saved_here_at", "%02d:%02d".format(at.hour, at.minute), place]
}

@Composable
private fun MoreSheet(id: String, model: EntryModel, onClose: () -> Unit) {
    val stage = LocalStage.current
    val words = stage.words
    Sheet(words["entry"], onClose) {
        ListRow(words["earlier_versions"], icon = Icons.History) {
            onClose()
            stage.way.open(HistoryPage(id))
        }
        ListRow(words["duplicate_entry"], detail = words["duplicate_entry_help"], icon = Icons.Copy) {
            onClose()
            model.duplicate(stage.device.today()) { stage.way.open(EntryPage(it)) }
        }
        stage.device.outside.guard?.takeIf { it.lock.hasPin }?.let { guard ->
            ListRow(words["hand_over"], detail = words["hand_over_what"], icon = Icons.See) {
                onClose()
                guard.handOver(id)
            }
        }
        ListRow(words["move_to_trash"], icon = Icons.Trash) {
            onClose()
            model.trash {
                stage.way.back()
                stage.notices.say(words["entry_to_trash"], words["undo"]) { stage.core.editing.bringBack(id) }
            }
        }
    }
}
