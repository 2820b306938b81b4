package kinfolio.ui.family.subjects

import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Subject
import kinfolio.bridge.SubjectList
import kinfolio.ui.parts.moved
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** The family's subjects. [typed] is a name that is not kept yet; none: nothing was typed. */
data class SubjectsState(
    val isLoading: Boolean = true, val failed: String? = null, val subjects: List<Subject> = emptyList(), val typed: String? = null, val wrong: String? = null,
)

/** The subjects, and what is done with one of them. */
class SubjectsModel(private val core: Core, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(SubjectsState())
    val state: StateFlow<SubjectsState> = shown.asStateFlow()
    private val latest = Latest(scope)

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    fun load() = latest.begin {
        when (val read = core.subjects.list()) {
            is Outcome.Done -> shown.update { it.copy(isLoading = false, failed = null, subjects = read.value) }
            is Outcome.Failed -> shown.update { it.copy(isLoading = false, failed = read.problem.reason) }
        }
    }

    fun type(name: String) = shown.update { it.copy(typed = name, wrong = null) }

    /** Keeps the name that was typed, of a new one where there is no [id]. */
    fun save(id: String?, onSaved: () -> Unit) = change(onSaved) {
        val typed = shown.value.typed
        when {
            id == null -> core.subjects.add(typed.orEmpty())
            typed == null -> Outcome.Done(Unit)
            else -> core.subjects.rename(id, typed)
        }
    }

    fun addList(list: SubjectList, onAdded: (Int) -> Unit) {
        var added = 0
        change({ onAdded(added) }) { core.subjects.addList(list).also { if (it is Outcome.Done) added = it.value } }
    }

    fun core(id: String, isCore: Boolean) = change { core.subjects.core(id, isCore) }

    fun hide(id: String, isHidden: Boolean) = change { core.subjects.hide(id, isHidden) }

    /** One place up or down the list. */
    fun move(id: String, by: Int) {
        val ids = moved(shown.value.subjects.map { it.id }, id, by) ?: return
        change { core.subjects.order(ids) }
    }

    fun merge(id: String, into: String, onMerged: () -> Unit) = change(onMerged) { core.subjects.merge(id, into) }

    fun remove(id: String, onRemoved: () -> Unit) = change(onRemoved) { core.subjects.remove(id) }

    private fun change(onDone: () -> Unit = {}, what: suspend () -> Outcome<*>) {
        scope.launch {
            when (val done = what()) {
                is Outcome.Done -> onDone()
                is Outcome.Failed -> shown.update { it.copy(wrong = done.problem.reason) }
            }
        }
    }
}
