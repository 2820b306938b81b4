package kinfolio.ui.learners

import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.foundation.layout.Column
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.ui.look.LearnerColour
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Pictures
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** Adds a learner, or changes what one is called and looks like. */
data class LearnerFormPage(val learner: String?) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { LearnerFormModel(stage.core, it, learner) { name -> words[name] } }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.open() }
        val save = { model.save { stage.way.back() } }
        PageFrame(words[if (learner == null) "add_learner" else "edit_learner"], foot = { MainButton(words["save"], save) }) {
            if (state.isLoading) return@PageFrame Loading()
            Field(words["nickname"], state.nickname, model::type, wrong = state.wrong)
            Help(if (state.isTwice) words["nickname_twice", state.nickname.trim()] else words["nickname_help"])
            Label(words["picture"])
            Pictures(state.picture, model::choose)
            Label(words["colour"])
            Column(Modifier.selectableGroup().padding(bottom = 16.dp)) {
                for (colour in LearnerColour.entries) {
                    val shown = Learner("", "", state.picture, colour.kept, archived = false)
                    RadioRow(words["colour_${colour.name.lowercase()}"], colour == state.colour, { model.paint(colour) }, learner = shown)
                }
            }
        }
    }
}
