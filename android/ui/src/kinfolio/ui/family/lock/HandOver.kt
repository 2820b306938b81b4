package kinfolio.ui.family.lock

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.bridge.AttachedFile
import kinfolio.bridge.Core
import kinfolio.bridge.FileKind
import kinfolio.bridge.Learner
import kinfolio.bridge.Written
import kinfolio.bridge.or
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.LearnerDisc
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.Photo
import kinfolio.ui.parts.Sheet
import kinfolio.ui.stage.LocalStage

private class Handed(val written: Written, val learners: List<Learner>, val photos: List<AttachedFile>)

private suspend fun read(core: Core, id: String): Handed? {
    val written = core.editing.open(id).or { return null }.written
    val learners = core.learners.list().or { emptyList() }.filter { one -> written.lines.any { it.learner == one.id } }
    return Handed(written, learners, core.attached.of(id).or { emptyList() }.filter { it.kind == FileKind.Photo })
}

/** One entry for other eyes: what all share of it. Lines that are one learner's alone are not shown, and nothing else can be reached. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun HandOver(guard: Guard, id: String) {
    val stage = LocalStage.current
    val words = stage.words
    val handed by produceState<Handed?>(null, id) { value = read(stage.core, id) }
    var isAsking by remember { mutableStateOf(false) }
    Column(Modifier.fillMaxSize().padding(16.dp)) {
        Column(Modifier.weight(1f).verticalScroll(rememberScrollState())) {
            val entry = handed ?: return@Column Loading()
            Text(entry.written.title, Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium)
            Help(words.day(entry.written.day))
            FlowRow(horizontalArrangement = Arrangement.spacedBy(16.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                for (learner in entry.learners) Row(verticalAlignment = Alignment.CenterVertically) {
                    LearnerDisc(learner, 28.dp)
                    Text(learner.nickname, Modifier.padding(start = 8.dp), style = MaterialTheme.typography.bodyLarge)
                }
            }
            Text(entry.written.note, Modifier.padding(vertical = 12.dp), style = MaterialTheme.typography.bodyLarge)
            entry.photos.forEachIndexed { at, photo ->
                Photo(photo.id, photo.description.ifEmpty { words["photo_of", at + 1, entry.photos.size] }, 280.dp, Modifier.padding(vertical = 4.dp))
                if (photo.caption.isNotEmpty()) Help(photo.caption)
            }
        }
        OtherButton(words["give_back"], { isAsking = true }, Modifier.padding(top = 8.dp), Icons.Lock)
    }
    if (isAsking) Sheet(words["give_back"], { isAsking = false }) { AskPin(words["unlock"], guard::takeBack) }
}
