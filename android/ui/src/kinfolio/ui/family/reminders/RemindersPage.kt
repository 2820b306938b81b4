package kinfolio.ui.family.reminders

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import java.time.DayOfWeek
import kinfolio.bridge.KeptReminder
import kinfolio.bridge.Telling
import kinfolio.ui.family.settings.name
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

private const val HOUR = 60

/** What is due, and when this phone tells it. */
object RemindersPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { RemindersModel(stage.core, it, stage.device.today()) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["reminders"]) {
            state.failed?.let { if (state.telling == null) return@PageFrame Failed(it, model::again) else Wrong(it) }
            if (state.isLoading) return@PageFrame Loading()
            if (state.reminders.isEmpty()) Help(words["no_reminders"])
            for (of in state.reminders) {
                OneReminder(of, state, model)
                Line()
            }
            OtherButton(words["add_reminder"], { stage.way.open(ReminderPage(null)) }, Modifier.padding(top = 8.dp), Icons.Add)
            if (state.others.isNotEmpty()) {
                Head(words["also_due"])
                for (of in state.others) {
                    ListRow(of.title, end = words.day(of.day))
                    Line()
                }
            }
            state.telling?.let { TellingPart(it, model) }
        }
    }
}

@Composable
private fun OneReminder(of: KeptReminder, state: RemindersState, model: RemindersModel) {
    val stage = LocalStage.current
    val words = stage.words
    val day = of.next?.let(words::day) ?: words["reminder_is_done"]
    val who = state.learners.filter { it.id in of.item.learners }.joinToString { it.nickname }
    val details = listOf(day, words["again_${of.item.again.name.lowercase()}"], who).filter(String::isNotEmpty).joinToString(" · ")
    ListRow(of.item.title, detail = details, icon = Icons.Bell) { stage.way.open(ReminderPage(of.id)) }
    val said = words["reminder_done_of", of.item.title]
    if (of.next != null) TextAction(words["reminder_done"], {
        model.done(of) { undo -> stage.notices.say(words["reminder_was_done"], words["undo"]) { undo() } }
    }, Modifier.semantics { contentDescription = said }, Icons.Chosen)
}

@Composable
private fun TellingPart(now: Telling, model: RemindersModel) {
    val words = LocalStage.current.words
    Head(words["telling_head"])
    SwitchRow(words["telling"], now.isOn, { isOn -> model.tell { it.copy(isOn = isOn) } }, words["telling_what"])
    if (!now.isOn) return
    val hours = (0..23).map { it * HOUR }
    Line()
    Chosen(words["quiet_from"], now.quietFrom, (hours + now.quietFrom).distinct().sorted(), ::clock) { from -> model.tell { it.copy(quietFrom = from) } }
    Line()
    Chosen(words["quiet_until"], now.quietUntil, (hours + now.quietUntil).distinct().sorted(), ::clock) { until -> model.tell { it.copy(quietUntil = until) } }
    Line()
    val days: List<DayOfWeek?> = listOf(null) + DayOfWeek.entries
    Chosen(words["weekly_jot"], now.weeklyJot, days, { it?.let { day -> name(day, words) } ?: words["weekly_jot_none"] }) { day -> model.tell { it.copy(weeklyJot = day) } }
}

/** A line that opens a sheet with what can be chosen. */
@Composable
private fun <T> Chosen(title: String, now: T, all: List<T>, says: (T) -> String, onChoose: (T) -> Unit) {
    var isOpen by remember { mutableStateOf(false) }
    ListRow(title, end = says(now)) { isOpen = true }
    if (isOpen) Sheet(title, { isOpen = false }) {
        Column(Modifier.selectableGroup()) {
            for (one in all) RadioRow(says(one), one == now, {
                isOpen = false
                onChoose(one)
            })
        }
    }
}

private fun clock(minute: Int) = "%02d:%02d".format(minute / HOUR, minute % HOUR)
