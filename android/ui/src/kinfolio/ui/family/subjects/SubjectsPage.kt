package kinfolio.ui.family.subjects

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.SubjectList
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** The family's subjects in their order. */
data object SubjectsPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { SubjectsModel(stage.core, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["subjects_page"]) {
            state.failed?.let { return@PageFrame Failed(words["subjects_failed", it], model::load) }
            if (state.isLoading) return@PageFrame Loading()
            if (state.subjects.isEmpty()) Empty(words["no_subjects"])
            for (subject in state.subjects) {
                val marks = listOfNotNull(words["subject_core"].takeIf { subject.isCore }, words["subject_hidden"].takeIf { subject.isHidden })
                ListRow(subject.name, detail = marks.joinToString(" · ")) { stage.way.open(SubjectPage(subject.id)) }
                Line()
            }
            OtherButton(words["add_subject"], { stage.way.open(SubjectPage(null)) }, Modifier.padding(vertical = 16.dp), Icons.Add)
            Head(words["subject_lists"])
            Help(words["subject_lists_what"])
            for (list in SubjectList.entries) {
                ListRow(words["list_" + list.name.lowercase()], icon = Icons.Add) {
                    model.addList(list) { stage.notices.say(words.count("subjects_added", it.toLong())) }
                }
                Line()
            }
            state.wrong?.let { Wrong(it) }
        }
    }
}
