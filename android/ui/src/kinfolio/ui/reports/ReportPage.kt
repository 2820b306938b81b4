package kinfolio.ui.reports

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import java.time.LocalDate
import kinfolio.bridge.Report
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.IconAction
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** A report: its sections, what is missing, and how long it is. */
data class ReportPage(val id: String) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { ReportModel(stage.core, id, it) }
        val state by model.state.collectAsState()
        var menu by remember { mutableStateOf(false) }
        var sending by remember { mutableStateOf(false) }
        LaunchedEffect(model) { model.watch() }
        val report = state.report
        PageFrame(
            report?.let { words["report_of", words[formName(it.form)], state.learner?.nickname.orEmpty()] } ?: words["reports"],
            { if (report != null) IconAction(Icons.More, words["more"], { menu = true }) },
            foot = { report?.let { Foot(state) { stage.way.open(PrintPage(id)) } } },
        ) {
            state.failed?.let { return@PageFrame Failed(words["reports_failed", it], model::load) }
            if (report == null) return@PageFrame Loading()
            Help(days(report.period, words))
            Help(if (report.sentOn == null) words["report_own_words"] else sent(report, words))
            state.wrong?.let { Wrong(it) }
            Missing(state.missing)
            Sections(report)
        }
        if (menu && report != null) Menu(report, model, { menu = false }, { sending = true })
        if (sending) Sending(model, stage.device.today()) { sending = false }
    }
}

@Composable
private fun Missing(missing: List<String>) {
    if (missing.isEmpty()) return
    val words = LocalStage.current.words
    Card(Modifier.padding(top = 12.dp)) {
        Text(words["report_missing"], style = MaterialTheme.typography.titleMedium)
        for (one in missing) Text("• $one", Modifier.padding(top = 4.dp), style = MaterialTheme.typography.bodyMedium)
    }
}

@Composable
private fun Sections(report: Report) {
    val stage = LocalStage.current
    val words = stage.words
    val written = report.sections.count { it.text.isNotBlank() }
    Head(words["report_sections"]) { Help(words["sections_in", written, report.sections.size]) }
    for (section in report.sections) {
        val count = wordsIn(section.text)
        val detail = if (count == 0) words["section_empty"] else words.count("section_words", count.toLong())
        ListRow(section.heading, detail = detail) { stage.way.open(SectionPage(report.id, section.key)) }
        Line()
    }
}

@Composable
private fun Foot(state: ReportState, onPrint: () -> Unit) {
    val words = LocalStage.current.words
    Column(Modifier.semantics(mergeDescendants = true) { liveRegion = LiveRegionMode.Polite }) {
        Text(state.pages?.let { words.count("pages", it.pages.toLong()) } ?: words["counting_pages"], style = MaterialTheme.typography.titleMedium)
        val count = state.report?.sections.orEmpty().sumOf { wordsIn(it.text) }
        Text(words.count("section_words", count.toLong()), style = MaterialTheme.typography.bodyMedium)
    }
    MainButton(words["make_document"], onPrint)
}

@Composable
private fun Menu(report: Report, model: ReportModel, onClose: () -> Unit, onSending: () -> Unit) {
    val stage = LocalStage.current
    val words = stage.words
    fun after(what: () -> Unit) = {
        onClose()
        what()
    }
    Sheet(words["more"], onClose) {
        if (report.sentOn == null) {
            ListRow(words["draft_again"], detail = words["draft_again_means"], icon = Icons.History, onClick = after(model::draftAgain))
            ListRow(words["mark_sent"], detail = words["mark_sent_means"], icon = Icons.Mail, onClick = after(onSending))
        }
        ListRow(words["move_to_trash"], icon = Icons.Trash, onClick = after {
            model.trash {
                stage.way.back()
                stage.notices.say(words["report_trashed"], words["undo"]) { model.restore() }
            }
        })
    }
}

@Composable
private fun Sending(model: ReportModel, today: LocalDate, onClose: () -> Unit) {
    val words = LocalStage.current.words
    var to by rememberSaveable { mutableStateOf("") }
    var day by remember { mutableStateOf(today) }
    Sheet(words["mark_sent"], onClose) {
        Field(words["sent_to"], to, { to = it })
        Label(words["sent_day"])
        DayField(words["sent_day"], day, today, { day = it })
        MainButton(words["keep_version"], {
            model.sent(day, to)
            onClose()
        }, Modifier.padding(top = 16.dp))
    }
}
