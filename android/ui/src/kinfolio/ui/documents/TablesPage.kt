package kinfolio.ui.documents

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Learner
import kinfolio.bridge.Period
import kinfolio.bridge.or
import kinfolio.ui.Saves
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.Shielded
import kinfolio.ui.reports.Days
import kinfolio.ui.reports.Making
import kinfolio.ui.reports.MakingFoot
import kinfolio.ui.reports.NameFields
import kinfolio.ui.reports.PrintAs
import kinfolio.ui.reports.WhoseField
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update

/** Which table. */
enum class TableOf { Hours, Reading }

/** A table that is to be made. The name lives here alone, in memory. */
data class TablesState(
    val learners: List<Learner> = emptyList(), val learner: Learner? = null, val period: Period? = null, val table: TableOf = TableOf.Hours,
    val printAs: PrintAs = PrintAs.FullName, val name: String = "", val whoWrong: Boolean = false, val nameWrong: Boolean = false,
) {
    // Real names in here: never in a log.
    override fun toString() = "TablesState"
}

/** Hours and reading as tables. */
class TablesModel(private val core: Core, saves: Saves?, scope: CoroutineScope, private val today: LocalDate) {
    private val shown = MutableStateFlow(TablesState())
    val state: StateFlow<TablesState> = shown.asStateFlow()
    val making = Making(saves, scope)

    /** The family's year so far, and its only learner. */
    suspend fun open() {
        val learners = core.learners.list().or { emptyList() }.filterNot(Learner::archived)
        val year = core.progress.yearOf(today).or { Period(today.minusYears(1), today) }
        shown.update { it.copy(learners = learners, learner = it.learner ?: learners.singleOrNull(), period = it.period ?: Period(year.first, today)) }
    }

    fun change(how: (TablesState) -> TablesState) {
        shown.update { how(it).copy(whoWrong = false, nameWrong = false) }
        making.forget()
    }

    fun make() {
        val now = shown.value
        val (learner, period) = now.learner to now.period
        if (learner == null || period == null) return shown.update { it.copy(whoWrong = true) }
        if (now.printAs != PrintAs.Nickname && now.name.isBlank()) return shown.update { it.copy(nameWrong = true) }
        making.begin({ "${now.table.name.lowercase()}-${period.last.year}.csv" }) { path, _ ->
            val printed = now.printAs.of(now.name)
            when (now.table) {
                TableOf.Hours -> core.takingAway.hours(learner.id, period, printed, path)
                TableOf.Reading -> core.takingAway.reading(learner.id, period, printed, path)
            }
        }
    }
}

/** Hours and reading, for a spreadsheet. */
data object TablesPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { TablesModel(stage.core, stage.device.outside.saves, it, stage.device.today()) }
        val state by model.state.collectAsState()
        val making by model.making.state.collectAsState()
        LaunchedEffect(model) { model.open() }
        Shielded()
        PageFrame(words["tables"], foot = { MakingFoot(model.making, making, words["kind_csv"], "", model::make) }) {
            Label(words["table_kind"])
            Segments(TableOf.entries.map { it to words["table_" + it.name.lowercase()] }, state.table, { table -> model.change { it.copy(table = table) } })
            WhoseField(words["portfolio_of"], state.learners, state.learner?.id, state.whoWrong) { learner -> model.change { it.copy(learner = learner) } }
            state.period?.let { Days(it) { days -> model.change { it.copy(period = days) } } }
            state.learner?.let { learner ->
                NameFields(
                    learner.nickname, state.printAs, state.name, state.nameWrong,
                    { how -> model.change { it.copy(printAs = how) } }, { name -> model.change { it.copy(name = name) } },
                )
            }
        }
    }
}
