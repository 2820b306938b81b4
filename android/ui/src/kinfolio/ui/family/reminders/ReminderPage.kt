package kinfolio.ui.family.reminders

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Again
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.TickRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** Days before, each with the name of its words. */
private val BEFORE = listOf(0 to "before_none", 7 to "before_week", 30 to "before_month")

/** Adds a reminder, or changes one. */
data class ReminderPage(val id: String?) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { ReminderModel(stage.core, it, id, stage.device.today()) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.open() }
        PageFrame(words[if (id == null) "add_reminder" else "edit_reminder"], foot = { MainButton(words["save"], { model.save { stage.way.back() } }) }) {
            state.failed?.let { Wrong(it) }
            if (state.isLoading) return@PageFrame Loading()
            val item = state.item
            Field(words["reminder_title"], item.title, { title -> model.change { it.copy(title = title) } }, wrong = words["reminder_title_first"].takeIf { state.titleWrong })
            Help(words["reminder_title_what"])
            Label(words["reminder_day"])
            DayField(words["reminder_day"], item.day, stage.device.today(), { day -> model.change { it.copy(day = day) } })
            Label(words["reminder_before"])
            Column(Modifier.selectableGroup()) {
                val days = if (BEFORE.any { it.first == item.daysBefore }) BEFORE else BEFORE + (item.daysBefore to "")
                for ((before, name) in days) {
                    val said = if (name.isEmpty()) words.count("before_days", before.toLong()) else words[name]
                    RadioRow(said, before == item.daysBefore, { model.change { it.copy(daysBefore = before) } })
                }
            }
            Label(words["reminder_again"])
            Column(Modifier.selectableGroup()) {
                for (again in Again.entries) RadioRow(words["again_${again.name.lowercase()}"], again == item.again, { model.change { it.copy(again = again) } })
            }
            Label(words["reminder_who"])
            for (learner in state.learners) {
                TickRow(learner.nickname, learner.id in item.learners, { isTheirs ->
                    model.change { it.copy(learners = if (isTheirs) it.learners + learner.id else it.learners - learner.id) }
                }, learner = learner)
            }
            if (id != null) TextAction(words["remove_reminder"], {
                model.trash {
                    stage.way.back()
                    stage.notices.say(words["reminder_removed"], words["undo"]) { stage.core.reminders.restore(id) }
                }
            }, Modifier.padding(top = 12.dp), Icons.Trash)
        }
    }
}
