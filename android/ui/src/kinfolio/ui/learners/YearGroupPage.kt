package kinfolio.ui.learners

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import java.time.format.DateTimeFormatter
import kinfolio.bridge.Scheme
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** In which year group a learner is. */
data class YearGroupPage(val learner: String) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { YearGroupModel(stage.core, it, learner, stage.device.today()) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["year_group"]) {
            state.wrong?.let { Wrong(it) }
            if (state.isLoading) return@PageFrame Loading()
            Help(words[if (state.isShown) "year_group_what" else "year_groups_off"])
            Segments(Scheme.entries.map { it to words["scheme_" + it.name.lowercase()] }, state.scheme, model::look, Modifier.padding(top = 12.dp))
            state.yearStart?.let { start ->
                val day = start.format(DateTimeFormatter.ofPattern("d MMMM", words.locale))
                SwitchRow(words["moves_up"], state.movesUp, model::moveUp, words["moves_up_what", day])
            }
            Column(Modifier.selectableGroup()) {
                RadioRow(words["no_year_group"], state.chosen == null, { model.choose(null) })
                for ((place, group) in state.groups.withIndex()) RadioRow(group, state.chosen == place, { model.choose(place) })
            }
        }
    }
}
