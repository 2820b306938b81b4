package kinfolio.ui.shelf

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Learner
import kinfolio.bridge.Slot
import kinfolio.bridge.SlotForm
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.family.settings.name
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kinfolio.ui.week.WeekPage
import java.time.DayOfWeek
import java.time.LocalDate

/** The things of one small kind: all of them, or a learner's and everybody's. */
data class ShelfPage(val kind: Kind, val learner: String? = null) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { ShelfModel(stage.core, it, kind, learner) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        val whose = state.learners.find { it.id == learner }?.nickname
        PageFrame(whose?.let { words["shelf_of", words[kind.word()], it] } ?: words[kind.word()]) {
            when {
                state.hasFailed -> return@PageFrame Failed(words["shelf_failed"], model::load)
                state.isLoading -> return@PageFrame Loading()
            }
            Help(words["${kind.word()}_means"])
            OtherButton(words["${kind.word()}_add"], { stage.way.open(ItemPage(kind, null, learner)) }, Modifier.padding(vertical = 12.dp), Icons.Add)
            if (state.things.isEmpty()) Empty(words["shelf_empty"])
            var group = ""
            for (thing in if (kind == Kind.Skills) state.things.sortedBy { it.item[Slot.Group] } else state.things) {
                if (kind == Kind.Skills && thing.item[Slot.Group] != group) Head(thing.item[Slot.Group].also { group = it })
                ListRow(titled(kind, thing.item, words), detail = told(kind, thing.item, state.learners, words)) { stage.way.open(ItemPage(kind, thing.id)) }
                Line()
            }
        }
    }
}

/** The ways to the small kinds, from the learners' place or from one learner's page. */
@Composable
internal fun Shelves(learner: String? = null) {
    val words = LocalWords.current
    val way = LocalStage.current.way
    Head(words[if (learner == null) "shelves" else "shelves_of_learner"])
    if (learner == null) {
        ListRow(words["week_page"], detail = words["week_page_means"], icon = Icons.Week) { way.open(WeekPage) }
        Line()
    }
    for (kind in Kind.entries.filterNot { it.isPrivate }) {
        ListRow(words[kind.word()], icon = kind.icon()) { way.open(ShelfPage(kind, learner)) }
        Line()
    }
    if (learner != null) return
    ListRow(words["private"], detail = words["private_row"], icon = Icons.Key) { way.open(PrivatePage) }
    Line()
}

/** The first word of the names that this kind's words have. */
internal fun Kind.word(): String = "shelf_" + name.lowercase()

internal fun Kind.icon() = when (this) {
    Kind.Reading -> Icons.Book
    Kind.Goals -> Icons.Goal
    Kind.Plans -> Icons.Table
    Kind.Templates -> Icons.Again
    Kind.Targets -> Icons.Goal
    Kind.Days -> Icons.Calendar
    Kind.Trips -> Icons.Place
    Kind.Providers -> Icons.People
    Kind.Qualifications -> Icons.Certificate
    Kind.Skills -> Icons.Chosen
    Kind.Letters -> Icons.Mail
    Kind.Needs -> Icons.Hand
    Kind.Assessments -> Icons.Certificate
}

/** The word for a choice of a slot; of a rating, the number. */
internal fun choiceIn(kind: Kind, slot: Slot, choice: String, words: Words): String =
    if (slot == Slot.Rating) choice else words["${kind.word()}_${slot.name.lowercase()}_$choice"]

/** What is read of a slot. */
internal fun labelOf(kind: Kind, slot: Slot, words: Words): String = words["${kind.word()}_${slot.name.lowercase()}"]

internal fun titled(kind: Kind, item: Item, words: Words) = when (kind) {
    Kind.Days -> choiceIn(kind, Slot.Mark, item[Slot.Mark], words)
    Kind.Targets -> words["target_from", words.day(LocalDate.parse(item[Slot.First]))]
    Kind.Letters -> item[Slot.About].ifEmpty { item[Slot.Title] }
    else -> item[Slot.Title]
}

/** What stands under the name in the list. */
private val told = mapOf(
    Kind.Reading to listOf(Slot.Author, Slot.Started, Slot.Finished),
    Kind.Goals to listOf(Slot.State, Slot.Target, Slot.Ended),
    Kind.Plans to listOf(Slot.First, Slot.Minutes),
    Kind.Templates to listOf(Slot.Weekdays, Slot.Last),
    Kind.Targets to listOf(Slot.DaysCount, Slot.Hours, Slot.CoreHours, Slot.CoreHomeHours),
    Kind.Days to listOf(Slot.First, Slot.Last, Slot.Remark),
    Kind.Trips to listOf(Slot.Place, Slot.First, Slot.Last),
    Kind.Providers to listOf(Slot.Form, Slot.Place),
    Kind.Qualifications to listOf(Slot.Board, Slot.EnterBy, Slot.ExamOn, Slot.Result),
    Kind.Skills to listOf(Slot.State, Slot.Ended),
    Kind.Letters to listOf(Slot.Sent, Slot.Title, Slot.First, Slot.AnswerBy),
    Kind.Needs to listOf(Slot.First),
    Kind.Assessments to listOf(Slot.Result, Slot.First),
)

/** `Monday, Thursday`. */
private fun weekdays(sum: String, words: Words): String =
    DayOfWeek.entries.filter { (sum.toIntOrNull() ?: 0) and (1 shl it.ordinal) != 0 }.joinToString(", ") { name(it, words) }

private fun told(kind: Kind, item: Item, learners: List<Learner>, words: Words): String {
    val parts = told.getValue(kind).filter { item[it].isNotEmpty() && item[it] != titled(kind, item, words) }.map {
        when (it.form) {
            SlotForm.Day -> words["labelled", labelOf(kind, it, words), words.day(LocalDate.parse(item[it]))]
            SlotForm.Yes -> labelOf(kind, it, words)
            SlotForm.Number, SlotForm.Hours -> words["labelled", labelOf(kind, it, words), item[it]]
            SlotForm.Weekdays -> weekdays(item[it], words)
            SlotForm.Choice -> choiceIn(kind, it, item[it], words)
            else -> item[it]
        }
    }
    val whose = learners.filter { it.id in item.learners }.joinToString(", ") { it.nickname }
    return (parts + whose).filter(String::isNotEmpty).joinToString(" · ")
}
