package kinfolio.ui.reports

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Details
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Paperwork
import kinfolio.bridge.Period
import kinfolio.bridge.RegisterAnswers
import kinfolio.bridge.or
import kinfolio.ui.Saves
import kinfolio.ui.learners.hours
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.Shielded
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Answers for the register, and what is printed of a family beside them. The name and the details live here alone, in memory. */
data class RegisterState(
    val learners: List<Learner> = emptyList(), val learner: Learner? = null, val period: Period? = null, val answers: RegisterAnswers? = null,
    val details: Details = Details(), val printAs: PrintAs = PrintAs.FullName, val kind: Paperwork = Paperwork.Pdf,
    val whoWrong: Boolean = false, val nameWrong: Boolean = false, val failed: String? = null,
) {
    // Real names in here: never in a log.
    override fun toString() = "RegisterState"
}

/** What the record answers of the register's questions. */
class RegisterModel(private val core: Core, saves: Saves?, private val scope: CoroutineScope, private val today: LocalDate) {
    private val shown = MutableStateFlow(RegisterState())
    val state: StateFlow<RegisterState> = shown.asStateFlow()
    val making = Making(saves, scope)

    /** The family's year so far, and its only learner. */
    suspend fun open() {
        if (shown.value.period != null) return
        val learners = core.learners.list().or { emptyList() }.filterNot(Learner::archived)
        val year = core.progress.yearOf(today).or { Period(today.minusYears(1), today) }
        shown.update { it.copy(learners = learners, period = Period(year.first, today)) }
        learners.singleOrNull()?.let(::learner)
    }

    fun learner(learner: Learner) {
        change { it.copy(learner = learner) }
        scope.launch {
            val known = core.printing.remembered(learner.id).or { null } ?: return@launch
            shown.update { if (it.learner == learner && it.details == Details()) it.copy(details = known) else it }
        }
        count()
    }

    fun period(period: Period) {
        change { it.copy(period = period) }
        count()
    }

    fun change(how: (RegisterState) -> RegisterState) {
        shown.update { how(it).copy(whoWrong = false, nameWrong = false) }
        making.forget()
    }

    fun make() {
        val now = shown.value
        val (learner, period) = now.learner to now.period
        if (learner == null || period == null) return shown.update { it.copy(whoWrong = true) }
        if (now.printAs != PrintAs.Nickname && now.details.name.isBlank()) return shown.update { it.copy(nameWrong = true) }
        making.begin({ "register-${period.last.year}." + ending(now.kind) }) { path, _ ->
            core.printing.writeRegister(learner.id, period, now.details.copy(name = now.printAs.of(now.details.name)), now.kind, path)
        }
    }

    private fun count() {
        val (learner, period) = shown.value.let { it.learner to it.period }
        if (learner == null || period == null) return
        scope.launch {
            val answers = core.printing.register(learner.id, period)
            shown.update { was ->
                if (was.learner != learner || was.period != period) return@update was
                was.copy(answers = (answers as? Outcome.Done)?.value, failed = (answers as? Outcome.Failed)?.problem?.reason)
            }
        }
    }
}

/** What the register of children not in school asks and the record can answer. */
data object RegisterPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { RegisterModel(stage.core, stage.device.outside.saves, it, stage.device.today()) }
        val state by model.state.collectAsState()
        val making by model.making.state.collectAsState()
        LaunchedEffect(model) { model.open() }
        Shielded()
        PageFrame(words["register"], foot = { MakingFoot(model.making, making, words["kind_" + state.kind.name.lowercase()], "", model::make) }) {
            Help(words["register_help"])
            WhoseField(words["report_about"], state.learners, state.learner?.id, state.whoWrong, model::learner)
            state.period?.let { Days(it, model::period) }
            state.failed?.let { Wrong(it) }
            state.answers?.let { Answers(it) }
            state.learner?.let { learner ->
                NameFields(
                    learner.nickname, state.printAs, state.details.name, state.nameWrong, { how -> model.change { it.copy(printAs = how) } },
                    { name -> model.change { it.copy(details = it.details.copy(name = name)) } },
                )
                DetailFields(state.details) { how -> model.change { it.copy(details = how(it.details)) } }
            }
            NeverLeaves()
            Label(words["file_kind"])
            Segments(OF_REPORTS.map { it to words["kind_" + it.name.lowercase()] }, state.kind, { kind -> model.change { it.copy(kind = kind) } })
        }
    }
}

@Composable
private fun Answers(answers: RegisterAnswers) {
    val words = LocalStage.current.words
    if (answers.isNothing) return Help(words["register_nothing"])
    if (answers.byParents > 0) ListRow(words["register_parents"], detail = hours(answers.byParents.toLong(), words))
    if (answers.byOthers > 0) ListRow(words["register_others"], detail = hours(answers.byOthers.toLong(), words))
    if (answers.providers.isNotEmpty()) Head(words["found_provider"])
    for (one in answers.providers) {
        val detail = listOf(words["shelf_providers_form_" + one.kind], one.place, one.online, if (one.minutesAWeek > 0) hours(one.minutesAWeek.toLong(), words) else "")
        ListRow(one.name, detail = detail.filter(String::isNotEmpty).joinToString(", "))
    }
}
