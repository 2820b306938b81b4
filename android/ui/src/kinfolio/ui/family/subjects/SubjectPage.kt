package kinfolio.ui.family.subjects

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import kinfolio.bridge.Subject
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.InOrder
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** One subject; none yet: a new one. */
data class SubjectPage(val id: String?) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { SubjectsModel(stage.core, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        val at = state.subjects.indexOfFirst { it.id == id }
        val subject = state.subjects.getOrNull(at)
        val isGone = id != null && subject == null && !state.isLoading
        PageFrame(words["subject_page"], foot = { if (!isGone) MainButton(words["save_subject"], { model.save(id, stage.way::back) }) }) {
            state.failed?.let { return@PageFrame Failed(words["subjects_failed", it], model::load) }
            if (state.isLoading) return@PageFrame Loading()
            if (isGone) return@PageFrame Empty(words["subject_gone"])
            Field(words["subject_name"], state.typed ?: subject?.name.orEmpty(), model::type, wrong = state.wrong)
            if (subject == null) return@PageFrame
            SwitchRow(words["subject_is_core"], subject.isCore, { model.core(subject.id, it) }, words["subject_core_means"])
            SwitchRow(words["subject_is_hidden"], subject.isHidden, { model.hide(subject.id, it) }, words["subject_hidden_means"])
            InOrder(at, state.subjects.size) { model.move(subject.id, it) }
            Leaving(subject, state.subjects - subject, model)
        }
    }
}

@Composable
private fun Leaving(subject: Subject, others: List<Subject>, model: SubjectsModel) {
    val stage = LocalStage.current
    val words = stage.words
    var isMerging by rememberSaveable { mutableStateOf(false) }

    fun left(said: String) {
        stage.way.back()
        stage.notices.say(said, words["undo"]) { stage.core.undo.last(subject.id) }
    }
    Line()
    if (others.isNotEmpty()) ListRow(words["merge_subject"], detail = words["merge_subject_means"], icon = Icons.Bring) { isMerging = true }
    ListRow(words["remove_subject"], icon = Icons.Trash) { model.remove(subject.id) { left(words["subject_removed", subject.name]) } }
    if (!isMerging) return
    Sheet(words["merge_into"], { isMerging = false }) {
        for (other in others) {
            ListRow(other.name) {
                isMerging = false
                model.merge(subject.id, other.id) { left(words["subject_merged", other.name]) }
            }
        }
    }
}
