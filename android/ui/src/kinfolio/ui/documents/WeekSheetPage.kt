package kinfolio.ui.documents

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Learner
import kinfolio.bridge.or
import kinfolio.ui.Saves
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.reports.Making
import kinfolio.ui.reports.MakingFoot
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.ui.unit.dp
import kinfolio.ui.parts.Chip

/** Which week's sheet is to be made; [learner]: only theirs. */
data class WeekSheetState(val day: LocalDate, val learner: String? = null, val learners: List<Learner> = emptyList())

/** The sheet of a week that is to be made. */
class WeekSheetModel(private val core: Core, saves: Saves?, scope: CoroutineScope, today: LocalDate) {
    private val shown = MutableStateFlow(WeekSheetState(today))
    val state: StateFlow<WeekSheetState> = shown.asStateFlow()
    val making = Making(saves, scope)

    suspend fun open() {
        val learners = core.learners.list().or { emptyList() }.filterNot(Learner::archived)
        shown.update { it.copy(learners = learners) }
    }

    fun change(how: (WeekSheetState) -> WeekSheetState) {
        shown.update(how)
        making.forget()
    }

    fun make() = making.begin({ "week-${shown.value.day}.pdf" }) { path, _ -> core.takingAway.week(shown.value.day, shown.value.learner, path) }
}

/** A week's plans on paper. */
data object WeekSheetPage : Page {
    @OptIn(ExperimentalLayoutApi::class)
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { WeekSheetModel(stage.core, stage.device.outside.saves, it, stage.device.today()) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.open() }
        val making by model.making.state.collectAsState()
        PageFrame(words["week_sheet"], foot = { MakingFoot(model.making, making, words["kind_pdf"], "", model::make) }) {
            Help(words["week_sheet_stays"])
            Label(words["week_of"])
            DayField(words["week_of"], state.day, stage.device.today(), { day -> model.change { it.copy(day = day) } })
            if (state.learners.size > 1) {
                Label(words["week_for"])
                FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                    Chip(words["week_for_all"], state.learner == null, { model.change { it.copy(learner = null) } })
                    for (one in state.learners) Chip(one.nickname, state.learner == one.id, { model.change { it.copy(learner = one.id) } }, one)
                }
            }
        }
    }
}
