package kinfolio.ui.family.phones

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.FamilySeen
import kinfolio.bridge.Fate
import kinfolio.ui.LocalWords
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong

/** The family before it is joined, and who of this phone is who there. */
@Composable
internal fun WhoIsWho(state: JoinPageState, family: FamilySeen, model: JoinModel) {
    val words = LocalWords.current
    Text(words["join_added_by", family.addedBy], style = MaterialTheme.typography.titleLarge)
    val names = family.learners.joinToString { it.nickname }
    Text(if (names.isEmpty()) words["join_no_learners"] else words["join_their_learners", names], Modifier.padding(top = 8.dp), style = MaterialTheme.typography.bodyLarge)
    for (learner in state.own) {
        val fate = state.fates[learner.id]
        Head(words["join_who_is", learner.nickname])
        Column(Modifier.selectableGroup()) {
            for (theirs in family.learners) {
                RadioRow(words["join_same_as", theirs.nickname], fate == Fate.Same(theirs.id), { model.choose(learner.id, Fate.Same(theirs.id)) })
            }
            RadioRow(words["join_add"], fate == Fate.Add, { model.choose(learner.id, Fate.Add) })
            RadioRow(words["join_leave"], fate == Fate.Leave, { model.choose(learner.id, Fate.Leave) })
        }
    }
    state.fatesWrong?.let { Wrong(it) }
    MainButton(words["join_yes"], model::join, Modifier.padding(top = 16.dp))
    Help(words["join_nothing_changes"])
    TextAction(words["join_stop"], model::giveUp)
}
