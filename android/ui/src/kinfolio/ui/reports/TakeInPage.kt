package kinfolio.ui.reports

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import java.time.LocalDate
import kinfolio.bridge.Shelved
import kinfolio.bridge.Slot
import kinfolio.ui.Words
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Shielded
import kinfolio.ui.parts.TickRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.shelf.Asked
import kinfolio.ui.shelf.PrivateModel
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** Needs notes and assessments that are taken into a section of a report, one by one. */
data class TakeInPage(val report: String, val key: String) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val (private, model) = kept { PrivateModel(stage.core, it, stage.device.outside.guard?.lock) to TakeInModel(stage.core, report, key, it) }
        Shielded()
        PageFrame(words["take_in"]) {
            Help(words["take_in_means"])
            Asked(private) { Choice(model) }
        }
    }
}

@Composable
private fun Choice(model: TakeInModel) {
    val stage = LocalStage.current
    val words = stage.words
    val state by model.state.collectAsState()
    LaunchedEffect(model) { model.load() }
    state.wrong?.let { Wrong(it) }
    val things = state.things ?: return if (state.wrong == null) Loading() else Unit
    if (things.isEmpty()) return Help(words["take_in_none", state.nickname])
    for (thing in things) {
        TickRow(paragraph(thing, words), thing.id in state.ticked, { model.tick(thing.id, it) })
        Line()
    }
    MainButton(words["take_in_ticked"], {
        if (state.ticked.isEmpty()) model.wrong(words["take_in_tick_first"]) else model.take({ paragraph(it, words) }) { stage.way.back() }
    }, Modifier.padding(top = 16.dp))
}

/** As it stands in the report: what it is, its day, and what was written. */
private fun paragraph(thing: Shelved, words: Words): String {
    val day = words.day(LocalDate.parse(thing.item[Slot.First]))
    val said = listOf(Slot.Result, Slot.Author, Slot.Note).map { thing.item[it].trim() }.filter { it.isNotEmpty() }.joinToString("; ")
    return if (said.isEmpty()) words["take_in_short", thing.item[Slot.Title], day] else words["take_in_paragraph", thing.item[Slot.Title], day, said]
}
