package kinfolio.ui.week

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Kind
import kinfolio.bridge.Period
import kinfolio.bridge.Planned
import kinfolio.bridge.Proposed
import kinfolio.ui.entry.DraftsPage
import kinfolio.ui.entry.EntryPage
import kinfolio.ui.learners.hours
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.IconAction
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.Wrong
import kinfolio.ui.shelf.ItemPage
import kinfolio.ui.shelf.ShelfPage
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.kept

/** One week: what is planned, what comes back, and what is as it was before. */
data object WeekPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { WeekModel(stage.core, it, stage.device.today()) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["week_page"]) {
            state.failed?.let { return@PageFrame Failed(it, model::load) }
            val week = state.week ?: return@PageFrame Loading()
            Around(week, model)
            state.wrong?.let { Wrong(it) }
            Head(words["week_planned"])
            for (plan in state.plans) Plan(plan, state, model)
            if (state.plans.isEmpty()) Help(words["week_no_plans"])
            OtherButton(words["shelf_plans_add"], { stage.way.open(ItemPage(Kind.Plans, null, day = week.first)) }, Modifier.padding(vertical = 8.dp), Icons.Add)
            if (state.earlier.isNotEmpty()) {
                Help(words.count("week_earlier", state.earlier.size.toLong()) + " " + state.earlier.joinToString(", ") { it.title })
                OtherButton(words["week_bring"], model::bring)
            }
            Head(words["week_proposed"])
            for (proposed in state.proposed) Proposal(proposed, state, model)
            if (state.proposed.isEmpty()) Help(words["week_nothing_proposed"])
            TextAction(words["shelf_templates"], { stage.way.open(ShelfPage(Kind.Templates)) })
            if (state.before.isNotEmpty()) {
                Head(words["week_before"])
                Help(words["week_before_means"])
            }
            for ((learner, day) in state.before) {
                ListRow(words["same_as_day", words.day(day)], detail = learner.nickname, learner = learner) {
                    model.again(learner, day) {
                        stage.notices.say(words.count("drafts_made", it.toLong()), words["look_at_drafts"]) { stage.way.open(DraftsPage) }
                    }
                }
                Line()
            }
        }
    }
}

/** Says that an entry was made, and offers the way back. */
private fun Stage.told(made: String) = notices.say(words["in_the_record"], words["undo"]) { core.undo.last(made) }

/** Which week it is, and the ways to the one before and the next. */
@Composable
private fun Around(week: Period, model: WeekModel) {
    val words = LocalStage.current.words
    Row(verticalAlignment = Alignment.CenterVertically) {
        IconAction(Icons.Back, words["week_back"], { model.go(-1) })
        Text(
            words["term_days", words.day(week.first), words.day(week.last)],
            Modifier.weight(1f).semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.bodyLarge, textAlign = TextAlign.Center,
        )
        IconAction(Icons.Onward, words["week_on"], { model.go(1) })
    }
}

@Composable
private fun Plan(plan: Planned, state: WeekState, model: WeekModel) {
    val stage = LocalStage.current
    val words = stage.words
    val detail = listOf(state.nicknames(plan.learners), plan.minutes?.let { hours(it.toLong(), words) }.orEmpty()).filter(String::isNotEmpty)
    ListRow(plan.title, detail = detail.joinToString(" · ")) { stage.way.open(ItemPage(Kind.Plans, plan.id)) }
    val entry = plan.entry
    if (entry == null) OtherButton(words["it_happened"], { model.happened(plan) { made -> stage.told(made) } }, Modifier.padding(bottom = 8.dp))
    else TextAction(words["see_entry"], { stage.way.open(EntryPage(entry)) })
    Line()
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun Proposal(of: Proposed, state: WeekState, model: WeekModel) {
    val stage = LocalStage.current
    val words = stage.words
    val detail = listOf(words.day(of.day), state.nicknames(of.learners), of.minutes?.let { hours(it.toLong(), words) }.orEmpty()).filter(String::isNotEmpty)
    ListRow(of.title, detail = detail.joinToString(" · "))
    FlowRow(Modifier.padding(bottom = 8.dp), Arrangement.spacedBy(8.dp), Arrangement.spacedBy(8.dp)) {
        OtherButton(words["it_happened"], { model.happened(of) { made -> stage.told(made) } })
        TextAction(words["not_this_time"], {
            model.skip(of) { stage.notices.say(words["skipped", of.title], words["undo"]) { stage.core.week.unskip(of) } }
        })
    }
    Line()
}
