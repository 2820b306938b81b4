package kinfolio.ui.learners

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.ui.parts.InOrder
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Question
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.TextAction
import kinfolio.ui.stage.LocalStage

/** A learner's place in the list, and the ways out of it: archived, removed, or the same child as another. */
@Composable
internal fun LeavePart(learner: Learner, state: LearnerState, model: LearnerModel) {
    val stage = LocalStage.current
    val words = stage.words
    var isMerging by rememberSaveable { mutableStateOf(false) }
    var same by remember { mutableStateOf<Learner?>(null) }
    val others = state.everybody.filter { it.id != learner.id }

    fun left(said: String) {
        stage.way.back()
        stage.notices.say(said, words["undo"]) { stage.core.learners.restore(learner.id) }
    }
    Column(Modifier.fillMaxWidth().padding(top = 24.dp)) {
        InOrder(state.everybody.indexOfFirst { it.id == learner.id }, state.everybody.size, model::move)
        if (others.isNotEmpty()) {
            ListRow(words["merge_learner"], detail = words["merge_learner_means"]) { isMerging = true }
            Line()
        }
        TextAction(words[if (learner.archived) "offer_again" else "archive"], { model.archive(!learner.archived) })
        TextAction(words["remove_learner"], model::askToRemove)
    }
    state.leaving?.let { leaving ->
        val counted = listOf("go_with" to leaving.entries, "stay_without" to leaving.shared, "other_things_go" to leaving.others)
        val text = counted.filter { it.second > 0 }.map { words.count(it.first, it.second) } + words["thirty_days"]
        Question(words["remove_who", learner.nickname], text.joinToString(" "), words["remove"], words["keep"], model::keep) {
            model.remove { left(words["learner_removed", learner.nickname]) }
        }
    }
    if (isMerging) {
        Sheet(words["merge_with"], { isMerging = false }) {
            for (other in others) {
                ListRow(other.nickname, learner = other) {
                    isMerging = false
                    same = other
                }
            }
        }
    }
    same?.let { other ->
        val (one, who) = learner.nickname to other.nickname
        Question(words["merge_who", one, who], words["merge_what", one, who], words["merge_yes"], words["keep"], { same = null }) {
            same = null
            model.merge(other.id) { left(words["learner_merged", other.nickname]) }
        }
    }
}
