package kinfolio.ui.learners

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import kinfolio.bridge.Learner
import kinfolio.bridge.or
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.LocalStage

/** Who learns. */
@Composable
internal fun LearnersScreen() {
    val stage = LocalStage.current
    var learners by remember { mutableStateOf(emptyList<Learner>()) }
    LaunchedEffect(stage) { learners = stage.core.learners.list().or { emptyList() } }
    PageFrame(stage.words["learners"]) {
        for (learner in learners) {
            ListRow(learner.nickname, learner = learner)
            Line()
        }
    }
}
