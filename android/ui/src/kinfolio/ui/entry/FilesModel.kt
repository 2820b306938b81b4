package kinfolio.ui.entry

import kinfolio.bridge.AttachedFile
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.ui.Picked
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What comes of adding files. */
data class FilesState(
    /** Which of how many is being added; 0: none. */
    val number: Int = 0,
    val count: Int = 0,
    val part: Float = 0f,
    /** Files that were not added, by name, and why. */
    val notAdded: List<Pair<String, String>> = emptyList(),
    /** Taken out, while that can still be undone. */
    val takenOut: Set<String> = emptySet(),
    val wrong: String? = null,
)

/** The photos and files of an entry. */
class FilesModel(private val core: Core, private val entry: String, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(FilesState())
    val state: StateFlow<FilesState> = shown.asStateFlow()
    private var adding: Job? = null

    /** Adds them in their order. One that can't be read doesn't keep the others out. */
    fun add(picked: List<Picked>) {
        if (picked.isEmpty() || adding?.isActive == true) return
        adding = scope.launch {
            shown.update { it.copy(notAdded = emptyList(), wrong = null) }
            try {
                picked.forEachIndexed { at, file ->
                    shown.update { it.copy(number = at + 1, count = picked.size, part = at.toFloat() / picked.size) }
                    val added = core.attached.add(entry, file.path, file.name) { far ->
                        shown.update { it.copy(part = (at + far.part) / picked.size) }
                    }
                    if (added is Outcome.Failed) shown.update { it.copy(notAdded = it.notAdded + (file.name to added.problem.reason)) }
                }
            } finally {
                shown.update { it.copy(number = 0) }
            }
        }
    }

    /** Those that are there stay. */
    fun stop() = adding?.cancel()

    fun describe(file: AttachedFile, caption: String = file.caption, description: String = file.description) =
        ask { core.attached.describe(file.id, caption, description) }

    fun moveUp(file: AttachedFile) = ask { core.attached.moveUp(entry, file.id) }

    /** It is gone from the page; from the record once nobody can undo it any more. */
    fun takeOut(file: AttachedFile) = shown.update { it.copy(takenOut = it.takenOut + file.id) }

    fun putBack(file: AttachedFile) = shown.update { it.copy(takenOut = it.takenOut - file.id) }

    suspend fun remove(file: AttachedFile) {
        core.attached.remove(file.id)
    }

    private fun ask(what: suspend () -> Outcome<Unit>) {
        scope.launch { (what() as? Outcome.Failed)?.let { failed -> shown.update { it.copy(wrong = failed.problem.reason) } } }
    }
}
