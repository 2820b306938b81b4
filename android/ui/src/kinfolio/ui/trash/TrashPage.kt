package kinfolio.ui.trash

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.selection.selectableGroup
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import java.time.Instant
import kinfolio.bridge.KeepFor
import kinfolio.bridge.ThrownAway
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Question
import kinfolio.ui.parts.RadioRow
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.TickRow
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** What was thrown away: to bring it back, or to let it go for good. */
data object TrashPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { TrashModel(stage.core, it) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["trash"], foot = if (state.chosen.isEmpty()) null else ({ Foot(model) })) {
            state.wrong?.let { Wrong(it) }
            Things(state, model)
            Stays(state.keepFor, model)
        }
        val count = state.asksFor.size.toLong()
        if (count > 0) {
            Question(
                words.count("destroy_question", count), words["destroy_help"], words.count("destroy_yes", count), words["destroy_no"],
                model::keepThem, model::destroy,
            )
        }
    }
}

@Composable
private fun Foot(model: TrashModel) {
    val words = LocalStage.current.words
    OtherButton(words["delete_for_good"], model::askToDestroy)
    MainButton(words["bring_back_chosen"], model::bringBack)
}

@Composable
private fun Things(state: TrashState, model: TrashModel) {
    val words = LocalStage.current.words
    state.failed?.let { return Failed(it, model::again) }
    val things = state.things ?: return Loading()
    if (things.isEmpty()) return Empty(words["trash_empty"])
    Help(words["trash_help"])
    for (thing in things) {
        TickRow(named(thing), thing.id in state.chosen, { model.choose(thing.id) }, until(thing))
        Line()
    }
    if (state.chosen.size < things.size) TextAction(words["choose_all"], model::chooseAll)
}

/** An entry by its title; of the others, what they are. */
@Composable
private fun named(thing: ThrownAway): String {
    val words = LocalStage.current.words
    return thing.entry?.let { it.title.ifEmpty { words["draft_without_words"] } } ?: words["thrown_${thing.kind.takeIf { it in KNOWN } ?: "other"}"]
}

private val KNOWN = setOf("entry", "reading", "goal", "plan", "trip", "letter", "report", "template", "reminder", "qualification")

@Composable
private fun until(thing: ThrownAway): String {
    val stage = LocalStage.current
    val goes = thing.goesAtMs?.let { Instant.ofEpochMilli(it).atZone(stage.device.zone).toLocalDate() }
    return if (goes == null) stage.words["stays_for_ever"] else stage.words["stays_until", stage.words.day(goes)]
}

@Composable
private fun Stays(now: KeepFor, model: TrashModel) {
    val words = LocalStage.current.words
    Head(words["how_long_things_stay"])
    Column(Modifier.selectableGroup()) {
        for (how in KeepFor.entries) RadioRow(words["keep_" + how.name.lowercase()], now == how, { model.keepFor(how) })
    }
    Help(words["keep_help"])
}
