package kinfolio.ui.shelf

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import java.time.DayOfWeek
import java.time.LocalDate
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Slot
import kinfolio.bridge.SlotForm
import kinfolio.bridge.SubjectsOf
import kinfolio.ui.entry.EntryPage
import kinfolio.ui.family.settings.name
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.LocalStop
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.launch

/** One small thing, to read and to write; without [id] a new one, for [learner] and of [day]; null: of today. */
data class ItemPage(val kind: Kind, val id: String?, val learner: String? = null, val day: LocalDate? = null) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { ItemModel(stage.core, it, kind, id, learner, day, stage.device.today()) { name -> words[name] } }
        val state by model.state.collectAsState()
        val scope = LocalStop.current.scope
        LaunchedEffect(model) { model.watch() }
        val item = state.item
        PageFrame(
            words[if (id == null) "${kind.word()}_add" else "${kind.word()}_one"],
            foot = if (item == null || state.isGone) null else ({ MainButton(words["save"], { model.save { stage.way.back() } }) }),
        ) {
            when {
                state.isGone -> return@PageFrame Empty(words["shelf_in_trash"])
                state.failed != null && item == null -> return@PageFrame Failed(state.failed.orEmpty(), { scope.launch { model.load() } })
                item == null -> return@PageFrame Loading()
            }
            state.notKept?.let { Wrong(words["entry_not_kept", it]) }
            for (slot in kind.slots) if (asks(kind, slot, item)) SlotField(kind, slot, item, state, model)
            Whose(kind, state, item, model)
            if (state.isKept) {
                ToEntry(kind, model)
                TextAction(words["move_to_trash"], {
                    model.trash { of ->
                        stage.way.back()
                        stage.notices.say(words["shelf_to_trash"], words["undo"]) { stage.core.shelves.find(kind)?.bringBack(of) }
                    }
                }, Modifier.padding(top = 12.dp), Icons.Trash)
            }
        }
    }
}

/** Minutes are asked for on a day that was taught, an answer to what came, the day of the end of what has ended. What is filled in is always shown. */
private fun asks(kind: Kind, slot: Slot, item: Item): Boolean = item[slot].isNotEmpty() || when {
    kind == Kind.Days && slot == Slot.Minutes -> item[Slot.Mark] == "taught"
    slot == Slot.First && kind == Kind.Templates || slot == Slot.Last && kind == Kind.Templates || slot == Slot.EveryWeeks -> item[Slot.Weekdays].isNotEmpty()
    slot == Slot.AnswerBy || slot == Slot.Answer -> item[Slot.Sent].isEmpty()
    slot == Slot.Ended -> item[Slot.State] != "open"
    else -> true
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun SlotField(kind: Kind, slot: Slot, item: Item, state: ItemState, model: ItemModel) {
    val stage = LocalStage.current
    val words = stage.words
    val wrong = state.wrong[slot]
    val label = labelOf(kind, slot, words)
    when (slot.form) {
        SlotForm.Text, SlotForm.Number, SlotForm.Hours -> Field(label, item[slot], { model.fill(slot, it.replace('\n', ' ')) }, Modifier.padding(top = 12.dp), wrong = wrong)
        SlotForm.Note -> Field(label, item[slot], { model.fill(slot, it) }, Modifier.padding(top = 12.dp), lines = 3, wrong = wrong)
        SlotForm.Yes -> SwitchRow(label, item[slot].isNotEmpty(), { model.fill(slot, if (it) "yes" else "") })
        SlotForm.Choice -> {
            Label(label)
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                for (choice in kind.choices(slot)) {
                    val isChosen = item[slot] == choice
                    // A choice that nobody has to make is taken back by a second tap.
                    Chip(choiceIn(kind, slot, choice, words), isChosen, { model.fill(slot, if (isChosen && slot !in kind.needs) "" else choice) })
                }
            }
            wrong?.let { Wrong(it) }
        }
        SlotForm.Weekdays -> {
            Label(label)
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                val chosen = item[slot].toIntOrNull() ?: 0
                for (day in DayOfWeek.entries) {
                    val bit = 1 shl day.ordinal
                    Chip(name(day, words), chosen and bit != 0, { model.fill(slot, (chosen xor bit).takeIf { it != 0 }?.toString().orEmpty()) })
                }
            }
        }
        SlotForm.Pages -> OtherButton(label, { model.pages { stage.way.open(EntryPage(it)) } }, Modifier.padding(top = 12.dp), Icons.Image)
        SlotForm.Other -> if (state.others.isNotEmpty()) {
            Label(label)
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                for (other in state.others) {
                    val isChosen = item[slot] == other.id
                    val day = words.day(LocalDate.parse(other.item[Slot.First]))
                    Chip(words["labelled", titled(kind, other.item, words), day], isChosen, { model.fill(slot, if (isChosen) "" else other.id) })
                }
            }
        }
        SlotForm.Day -> {
            Label(label)
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                val day = item[slot].takeIf(String::isNotEmpty)?.let(LocalDate::parse)
                DayField(label, day, stage.device.today(), { model.fill(slot, it.toString()) }, none = words["no_day"], wrong = wrong)
                if (day != null && slot !in kind.needs) TextAction(words["take_day_off"], { model.fill(slot, "") })
            }
        }
    }
}

/** A plan that came about, or a beginning to go on from, becomes an entry. */
@Composable
private fun ToEntry(kind: Kind, model: ItemModel) {
    val stage = LocalStage.current
    if (kind != Kind.Plans && kind != Kind.Templates) return
    OtherButton(stage.words["${kind.word()}_to_entry"], { model.toEntry { stage.way.open(EntryPage(it)) } }, Modifier.padding(top = 16.dp), Icons.Add)
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Whose(kind: Kind, state: ItemState, item: Item, model: ItemModel) {
    val words = LocalStage.current.words
    val offered = state.learners.filter { !it.archived || it.id in item.learners }
    if (offered.isNotEmpty()) {
        Label(words["for_whom"])
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
            for (learner in offered) Chip(learner.nickname, learner.id in item.learners, { model.who(learner.id) }, learner)
        }
        if (item.learners.isEmpty()) Help(words["shelf_everybody"])
    }
    val subjects = state.subjects.filter { !it.isHidden || it.id in item.subjects }
    if (kind.subjects == SubjectsOf.None || subjects.isEmpty()) return
    Label(words[if (kind.subjects == SubjectsOf.One) "subject" else "entry_subjects"])
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        for (subject in subjects) Chip(subject.name, subject.id in item.subjects, { model.subject(subject.id) })
    }
}
