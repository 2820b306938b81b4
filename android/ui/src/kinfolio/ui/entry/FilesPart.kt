package kinfolio.ui.entry

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.rememberUpdatedState
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.AttachedFile
import kinfolio.bridge.FileKind
import kinfolio.ui.Words
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.IconAction
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Photo
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Working
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.LocalStop
import kinfolio.ui.stage.kept
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch

/** The photos and files of an entry, in their order. */
@Composable
internal fun FilesPart(entry: String, all: List<AttachedFile>) {
    val stage = LocalStage.current
    val words = stage.words
    val model = kept("files") { FilesModel(stage.core, entry, it) }
    val state by model.state.collectAsState()
    val scope = LocalStop.current.scope
    val files = all.filter { it.id !in state.takenOut }
    Head(if (files.isEmpty()) words["entry_photos"] else words["entry_photos_count", files.size])
    for ((name, reason) in state.notAdded) Wrong(words["photo_not_added", name, reason])
    state.wrong?.let { Wrong(it) }
    files.forEachIndexed { at, file ->
        if (file.kind == FileKind.Photo) PhotoRow(file, at, files.size, model) else FileRow(file, model)
        Line()
    }
    when {
        state.number > 0 -> Working(words["adding_photo", state.number, state.count], state.part, { model.stop() })
        else -> stage.device.outside.photos?.let { photos ->
            val files = photos.files
            if (photos.hasCamera) TextAction(words["take_photo"], { scope.launch { photos.take()?.let { model.add(listOf(it)) } } }, icon = Icons.Camera)
            TextAction(words[if (files == null) "add_photo" else "add_photos"], { scope.launch { model.add(photos.choose()) } }, icon = Icons.Image)
            files?.let { choose -> TextAction(words["add_file"], { scope.launch { model.add(choose()) } }, icon = Icons.Documents) }
        }
    }
}

@Composable
private fun PhotoRow(file: AttachedFile, at: Int, count: Int, model: FilesModel) {
    val stage = LocalStage.current
    val words = stage.words
    var caption by rememberSaveable(file.id) { mutableStateOf(file.caption) }
    var description by rememberSaveable(file.id) { mutableStateOf(file.description) }
    var describes by rememberSaveable(file.id) { mutableStateOf(file.description.isNotEmpty()) }
    LaunchedEffect(caption, description) {
        if (caption == file.caption && description == file.description) return@LaunchedEffect
        delay(PAUSE_MS)
        model.describe(file, caption, description)
    }
    // Left within the pause: what was typed is kept all the same.
    val typed by rememberUpdatedState(caption to description)
    val before by rememberUpdatedState(file)
    DisposableEffect(file.id) {
        onDispose { if (typed != before.caption to before.description) stage.notices.keep { stage.core.attached.describe(file.id, typed.first, typed.second) } }
    }
    val number = words["photo_of", at + 1, count]
    Row(Modifier.fillMaxWidth().padding(vertical = 12.dp)) {
        Photo(file.id, description.ifEmpty { caption.ifEmpty { words["photo_undescribed", number] } }, 84.dp, Modifier.padding(end = 12.dp))
        Column(Modifier.weight(1f)) {
            Field(words["caption_of", at + 1], caption, { caption = it })
            if (describes) Field(words["description_of", at + 1], description, { description = it }, Modifier.padding(top = 8.dp), lines = 2)
            else TextAction(words["add_description"], { describes = true })
        }
        Column {
            if (at > 0) IconAction(Icons.Up, words["move_up", number], { model.moveUp(file) })
            TakeOut(file, number, model)
        }
    }
}

/** A line of what is no photo: its name and how large it is. */
@Composable
private fun FileRow(file: AttachedFile, model: FilesModel) {
    val words = LocalStage.current.words
    val icon = when (file.kind) {
        FileKind.Audio -> Icons.Microphone
        FileKind.Video -> Icons.Play
        else -> Icons.Documents
    }
    val kind = words["file_" + file.kind.name.lowercase()]
    ListRow(file.name, detail = words["file_kind_and_size", kind, size(file.bytes, words)], icon = icon, trailing = { TakeOut(file, file.name, model) })
}

private fun size(bytes: Long, words: Words): String = when {
    bytes < MB -> words["size_kb", (bytes / 1000).coerceAtLeast(1)]
    else -> words["size_mb", bytes.toDouble() / MB]
}

private const val MB = 1_000_000L

/** So long after the last letter a caption is kept. */
private const val PAUSE_MS = 400L

@Composable
private fun TakeOut(file: AttachedFile, name: String, model: FilesModel) {
    val stage = LocalStage.current
    val words = stage.words
    IconAction(Icons.Trash, words["take_out", name], {
        model.takeOut(file)
        stage.notices.say(words["taken_out", name], words["undo"], onPassed = { model.remove(file) }) { model.putBack(file) }
    })
}
