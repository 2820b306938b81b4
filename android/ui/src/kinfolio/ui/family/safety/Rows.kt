package kinfolio.ui.family.safety

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.bridge.WaitingEntry
import kinfolio.bridge.WhereAll
import kinfolio.bridge.Why
import kinfolio.ui.Network
import kinfolio.ui.Words
import kinfolio.ui.family.signin.moment
import kinfolio.ui.family.signin.sentence
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.SyncingState

/** Rows that add up: what is on this phone waits, is stored, or stays here. */
@Composable
internal fun Rows(all: WhereAll, state: SafetyState, syncing: SyncingState, stage: Stage) {
    val words = stage.words
    val network by stage.device.outside.network.collectAsState()
    Card {
        Fact(Icons.OnPhone, words["on_this_phone"], words.count("entries", all.entries), words["with_files", size(all.bytes, words)])
        if (!all.isOn) return@Card
        Line()
        val isWifiWanted = network == Network.Mobile && !state.mayUseMobileData && all.photosWaiting > 0
        val photos = if (all.photosWaiting > 0) words.count("photo_files", all.photosWaiting) + " " else ""
        val reason = if (isWifiWanted) words["waiting_for_wifi"] else if (network == Network.None) words["waiting_for_signal"] else words["waiting_to_be_sent"]
        val none = all.waiting.isEmpty() && all.photosWaiting == 0L
        Fact(Icons.Waiting, words["waiting_row"], words.count("entries", all.waiting.size.toLong()), if (none) words["nothing_waits"] else photos + reason) {
            for ((why, entries) in all.waiting.groupBy { told(it.why, words) }) if (why.isNotEmpty()) Reason(why, entries, words)
            if (isWifiWanted && !syncing.isRunning) {
                OtherButton(words.count("send_with_mobile_data", all.photosWaiting), stage.syncing::nowWithMobileData, Modifier.padding(vertical = 8.dp))
            }
        }
        Line()
        val at = all.storedAtMs?.let { moment(it, stage.device.zone, stage.device.today(), words) }
        Fact(Icons.Stored, words["stored"], words.count("entries", all.stored), at?.let { words["confirmed_at", it] } ?: words["never_confirmed"], isGood = true)
        if (all.onlyHere == 0L) return@Card
        Line()
        Fact(Icons.OnPhone, words["only_here"], words.count("entries", all.onlyHere), words["left_here"])
    }
}

private const val NAMED = 3

@Composable
private fun Reason(why: String, entries: List<WaitingEntry>, words: Words) {
    val named = entries.take(NAMED).joinToString { words["quoted", it.title.ifEmpty { words["untitled"] }] }
    val more = entries.size - NAMED
    Text(if (more > 0) words.count("and_more", more.toLong()).let { "$named $it" } else named, Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyMedium)
    Text(why, style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
}

/** What an entry waits for and what to do about it; nothing for one that goes with the next sync. */
private fun told(why: Why, words: Words): String = when (why) {
    Why.NextSync, is Why.Photos -> ""
    is Why.Refused -> words["why_refused", sentence(why.reason)]
    Why.UpdateApp -> words["why_update"]
    Why.Key -> words["why_key"]
    Why.Damaged -> words["why_damaged"]
    Why.Review -> words["why_review"]
    Why.HistoryDiffers -> words["why_history"]
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun Fact(icon: ImageVector, title: String, count: String, detail: String, isGood: Boolean = false, more: @Composable () -> Unit = {}) {
    val colours = MaterialTheme.colorScheme
    Row(Modifier.fillMaxWidth().padding(vertical = 12.dp)) {
        Icon(icon, null, Modifier.padding(end = 16.dp, top = 2.dp).size(20.dp), tint = if (isGood) colours.primary else colours.onSurfaceVariant)
        Column(Modifier.weight(1f)) {
            Column(Modifier.semantics(mergeDescendants = true) {}) {
                FlowRow(Modifier.fillMaxWidth(), horizontalArrangement = Arrangement.SpaceBetween) {
                    Text(title, Modifier.padding(end = 8.dp), style = MaterialTheme.typography.labelLarge)
                    Text(count, style = MaterialTheme.typography.bodyLarge)
                }
                Text(detail, style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
            }
            more()
        }
    }
}

private const val MEGA = 1_000_000L

/** `9 MB`, `1.2 GB`. */
internal fun size(bytes: Long, words: Words): String = when {
    bytes < MEGA -> words["under_a_megabyte"]
    bytes < 1000 * MEGA -> words["megabytes", bytes / MEGA]
    else -> words["gigabytes", bytes.toDouble() / (1000 * MEGA)]
}
