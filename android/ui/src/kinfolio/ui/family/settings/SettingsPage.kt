package kinfolio.ui.family.settings

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import java.time.DayOfWeek
import java.time.MonthDay
import java.time.format.TextStyle
import kinfolio.ui.Words
import kinfolio.ui.look.Icons
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
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

private val STARTS = listOf(DayOfWeek.MONDAY, DayOfWeek.SATURDAY, DayOfWeek.SUNDAY)

/** The family's year, week, terms and target. */
object SettingsPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { SettingsModel(stage.core, it, stage.device.today()) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["settings"]) {
            val wishes = state.wishes ?: return@PageFrame state.failed?.let { Failed(it, model::again) } ?: Loading()
            Help(words["settings_what"])
            state.failed?.let { Wrong(it) }
            Head(words["year"])
            Label(words["year_start"])
            DayField(words["year_start"], state.yearFirst, stage.device.today(), { day -> model.change { it.copy(yearStart = MonthDay.from(day)) } }, weekStart = wishes.weekStart)
            SwitchRow(words["year_groups"], wishes.yearGroups, { isOn -> model.change { it.copy(yearGroups = isOn) } }, words["year_groups_what"])
            Head(words["week"])
            Label(words["week_start"])
            Segments(STARTS.map { it to name(it, words) }, wishes.weekStart, { day -> model.change { it.copy(weekStart = day) } })
            Field(words["weekly_hours"], state.hours, model::hours, Modifier.padding(top = 12.dp), wrong = words["weekly_hours_wrong"].takeIf { state.hoursWrong })
            Help(words["weekly_hours_what"])
            Head(words["terms"])
            for (term in wishes.terms) {
                ListRow(term.name, detail = words["term_days", words.day(term.first), words.day(term.last)], trailing = {
                    IconAction(Icons.Trash, words["remove_term", term.name], {
                        model.remove(term)
                        stage.notices.say(words["term_removed"], words["undo"]) { model.put(term) }
                    })
                })
                Line()
            }
            if (wishes.terms.isEmpty()) Help(words["no_terms"])
            OtherButton(words["add_term"], { stage.way.open(TermPage) }, Modifier.padding(top = 8.dp), Icons.Add)
        }
    }
}

/** `Monday`. */
internal fun name(of: DayOfWeek, words: Words): String = of.getDisplayName(TextStyle.FULL_STANDALONE, words.locale)
