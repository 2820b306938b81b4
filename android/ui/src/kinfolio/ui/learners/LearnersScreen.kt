package kinfolio.ui.learners

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.shelf.Shelves
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.kept

/** Who learns, who did, and who can be brought back. */
@Composable
internal fun LearnersScreen() {
    val stage = LocalStage.current
    val words = stage.words
    val model = kept { LearnersModel(stage.core, it) }
    val state by model.state.collectAsState()
    LaunchedEffect(model) { model.watch() }
    PageFrame(words["learners"]) {
        when {
            state.hasFailed -> return@PageFrame Failed(words["learners_failed"], model::load)
            state.isLoading -> return@PageFrame Loading()
        }
        val (archived, active) = state.learners.partition(Learner::archived)
        Rows(active)
        OtherButton(words["add_learner"], { stage.way.open(LearnerFormPage(null)) }, Modifier.padding(vertical = 16.dp), Icons.Add)
        if (archived.isNotEmpty()) {
            Head(words["archived"])
            Help(words["archived_means"])
            Rows(archived)
        }
        if (state.gone.isNotEmpty()) {
            Head(words["removed"])
            for (gone in state.gone) {
                ListRow(gone.nickname, detail = gone.sameAs?.let { words["same_as", it] } ?: words["removed_means"], trailing = {
                    TextAction(words["bring_back"], { model.restore(gone.id) }, icon = Icons.Bring)
                })
                Line()
            }
            state.wrong?.let { Wrong(it) }
        }
        Shelves()
    }
}

@Composable
private fun Rows(learners: List<Learner>) {
    val way = LocalStage.current.way
    for (learner in learners) {
        ListRow(learner.nickname, learner = learner) { way.open(LearnerPage(learner.id)) }
        Line()
    }
}
