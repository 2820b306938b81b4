package kinfolio.ui.entry

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Learner
import kinfolio.bridge.SubjectChoice
import kinfolio.bridge.TaughtBy
import kinfolio.bridge.Whereabouts
import kinfolio.bridge.Written
import kinfolio.ui.parts.Chip
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.SwitchRow
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.look.Icons
import kinfolio.ui.stage.LocalStage

/** What an entry says: the shared part, and a line for each learner alone. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun EntryFields(state: EntryState, written: Written, model: EntryModel) {
    val stage = LocalStage.current
    val words = stage.words
    Field(words["entry_title"], written.title, model::title, Modifier.padding(top = 12.dp), wrong = words["something_first"].takeIf { state.textWrong })
    FlowRow(Modifier.padding(top = 8.dp), horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        DayField(words["on_day"], written.day, stage.device.today(), model::on)
        MinutesButton(written.minutes) { minutes -> model.change { it.copy(minutes = minutes) } }
    }
    Subjects(state.subjects, written, model)
    Label(words["for_whom"])
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        val theirs = written.lines.mapTo(HashSet()) { it.learner }
        for (learner in state.learners) {
            if (!learner.archived || learner.id in theirs) Chip(learner.nickname, learner.id in theirs, { model.choose(learner.id) }, learner)
        }
    }
    if (state.whoWrong) Wrong(words["choose_who"])
    Field(noteLabel(written.lines.size, words::get), written.note, model::note, Modifier.padding(top = 12.dp), lines = 3)
    // In the family's order, as everywhere.
    for (line in written.lines.sortedBy { line -> state.learners.indexOfFirst { it.id == line.learner } }) {
        val learner = state.learners.find { it.id == line.learner } ?: continue
        LineField(learner, line.text) { model.line(learner.id, it) }
    }
}

private fun noteLabel(learners: Int, says: (String) -> String) = when (learners) {
    0, 1 -> says("what_happened")
    2 -> says("for_both")
    else -> says("for_all_of_them")
}

@Composable
private fun LineField(learner: Learner, text: String, onText: (String) -> Unit) {
    Field("${learner.emoji} " + LocalStage.current.words["only_on_pages_of", learner.nickname], text, onText, Modifier.padding(top = 12.dp), lines = 2)
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Subjects(all: List<SubjectChoice>, written: Written, model: EntryModel) {
    val offered = all.filter { !it.isHidden || it.id in written.subjects }
    if (offered.isEmpty()) return
    Label(LocalStage.current.words["entry_subjects"])
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        for (subject in offered) Chip(subject.name, subject.id in written.subjects, { model.subject(subject.id) })
    }
}

/** How long it took; nobody has to say. */
@Composable
private fun MinutesButton(minutes: Int?, onMinutes: (Int?) -> Unit) {
    val words = LocalStage.current.words
    var isOpen by remember { mutableStateOf(false) }
    OtherButton(minutes?.let { words.count("minutes_long", it.toLong()) } ?: words["how_long"], { isOpen = true }, icon = Icons.Timer)
    if (!isOpen) return
    Sheet(words["how_long"], { isOpen = false }) {
        var typed by rememberSaveable { mutableStateOf(minutes?.toString().orEmpty()) }
        var isWrong by remember { mutableStateOf(false) }
        Field(words["minutes_field"], typed, {
            typed = it
            isWrong = false
        }, wrong = words["minutes_wrong"].takeIf { isWrong })
        MainButton(words["done_minutes"], {
            val read = typed.trim().toIntOrNull()
            if (typed.isNotBlank() && (read == null || read !in 0..MOST_MINUTES)) isWrong = true
            else {
                onMinutes(read?.takeIf { it > 0 })
                isOpen = false
            }
        }, Modifier.padding(top = 12.dp))
    }
}

/** A week: the core takes no more. */
private const val MOST_MINUTES = 10_080

/** What few entries need: it is folded away until it is asked for, or used. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun EntryMore(written: Written, model: EntryModel) {
    val words = LocalStage.current.words
    val isUsed = written.by != null || written.place != null || written.tags.isNotEmpty() || written.sample.isOne
    var isOpen by rememberSaveable { mutableStateOf(false) }
    if (!isOpen && !isUsed) return TextAction(words["more_about_entry"], { isOpen = true }, Modifier.padding(top = 12.dp), Icons.Open)
    Head(words["more_about_entry"])
    Label(words["taught_by"])
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
        for (by in TaughtBy.entries) {
            Chip(words["taught_by_" + by.name.lowercase()], written.by == by, { model.change { it.copy(by = by.takeIf { _ -> it.by != by }) } })
        }
    }
    Label(words["where_it_was"])
    Segments(
        listOf(null to words["where_unsaid"], Whereabouts.Home to words["where_home"], Whereabouts.Away to words["where_away"]),
        written.place, { place -> model.change { it.copy(place = place) } },
    )
    Tags(written.tags, model)
    SwitchRow(words["is_sample"], written.sample.isOne, { on -> model.change { it.copy(sample = it.sample.copy(isOne = on)) } }, words["is_sample_help"])
    if (written.sample.isOne) {
        Field(words["sample_went"], written.sample.went, { text -> model.change { it.copy(sample = it.sample.copy(went = text)) } }, lines = 2)
        Field(words["sample_shows"], written.sample.shows, { text -> model.change { it.copy(sample = it.sample.copy(shows = text)) } }, Modifier.padding(top = 8.dp), lines = 2)
        Field(words["sample_next"], written.sample.next, { text -> model.change { it.copy(sample = it.sample.copy(next = text)) } }, Modifier.padding(top = 8.dp), lines = 2)
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Tags(tags: List<String>, model: EntryModel) {
    val words = LocalStage.current.words
    var typed by rememberSaveable { mutableStateOf("") }
    Label(words["entry_tags"])
    if (tags.isNotEmpty()) {
        Help(words["tap_tag_to_take_off"])
        FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp)) {
            for (tag in tags) Chip(tag, true, { model.change { it.copy(tags = it.tags - tag) } })
        }
    }
    Field(words["new_tag"], typed, { typed = it }, Modifier.padding(top = 4.dp), showsLabel = false)
    TextAction(words["add_tag"], {
        model.tag(typed)
        typed = ""
    }, icon = Icons.Tag)
}
