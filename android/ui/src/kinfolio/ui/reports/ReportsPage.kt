package kinfolio.ui.reports

import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Form
import kinfolio.bridge.Learner
import kinfolio.bridge.Period
import kinfolio.bridge.Report
import kinfolio.ui.Words
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** Every report, and what was sent of it. */
data object ReportsPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { ReportsModel(stage.core, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["reports"]) {
            state.failed?.let { return@PageFrame Failed(words["reports_failed", it], model::load) }
            if (state.isLoading) return@PageFrame Loading()
            if (state.reports.isEmpty()) Empty(words["no_reports"])
            for (report in state.reports) {
                ListRow(
                    words["report_of", words[formName(report.form)], state.nickname(report)],
                    detail = if (report.sentOn == null) days(report.period, words) else sent(report, words), icon = Icons.Documents,
                ) { stage.way.open(ReportPage(report.id)) }
                Line()
            }
            OtherButton(words["new_report"], { stage.way.open(NewReportPage) }, Modifier.padding(vertical = 16.dp), Icons.Add)
            ListRow(words["register"], detail = words["register_what"], icon = Icons.Documents) { stage.way.open(RegisterPage) }
        }
    }
}

/** Whom a new report is for and about, and over which days. */
data object NewReportPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val reports = kept("reports") { ReportsModel(stage.core, it) }
        val learners = reports.state.collectAsState().value.learners.filterNot(Learner::archived)
        val model = kept { BeginModel(stage.core, it, stage.device.today()) }
        val state by model.state.collectAsState()
        LaunchedEffect(reports) { reports.watch() }
        LaunchedEffect(learners) { model.open(learners) }
        PageFrame(words["new_report"], foot = {
            MainButton(words["draft_it"], {
                model.begin {
                    stage.way.back()
                    stage.way.open(ReportPage(it))
                }
            })
        }) {
            Help(words["report_own_words"])
            WhoseField(words["report_about"], learners, state.learner, state.whoWrong) { model.learner(it.id) }
            state.period?.let { Days(it, model::period) }
            Label(words["report_for"])
            androidx.compose.foundation.layout.Column(Modifier.selectableGroup()) {
                for (form in Form.entries) RadioRow(words[formName(form)], form == state.form, { model.form(form) }, words[formName(form) + "_asks"])
            }
            state.wrong?.let { Wrong(it) }
        }
    }
}

/** The days that a document is about. */
@Composable
internal fun Days(period: Period, onPeriod: (Period) -> Unit) {
    val stage = LocalStage.current
    val words = stage.words
    Label(words["first_day"])
    DayField(words["first_day"], period.first, stage.device.today(), { onPeriod(Period(it, maxOf(it, period.last))) })
    Label(words["last_day"])
    DayField(words["last_day"], period.last, stage.device.today(), { onPeriod(Period(minOf(it, period.first), it)) })
}

internal fun formName(form: Form) = "form_" + form.name.lowercase()

internal fun days(period: Period, words: Words) = words["from_to", words.day(period.first), words.day(period.last)]

internal fun sent(report: Report, words: Words): String {
    val day = report.sentOn?.let(words::day).orEmpty()
    return if (report.sentTo.isEmpty()) words["sent_on", day] else words["sent_on_to", day, report.sentTo]
}
