package kinfolio.ui.learners

import androidx.compose.foundation.layout.Column
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
import androidx.compose.ui.unit.dp
import kinfolio.ui.Words
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.IconAction
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.LearnerDisc
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Segments
import kinfolio.ui.parts.Wrong
import kinfolio.ui.shelf.Shelves
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** A learner's page: hours noted, and by subject. */
data class LearnerPage(val id: String) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { LearnerModel(stage.core, it, id, stage.device.today()) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        val learner = state.learner
        PageFrame(learner?.nickname.orEmpty(), { IconAction(Icons.Edit, words["edit_learner"], { stage.way.open(LearnerFormPage(id)) }) }) {
            if (learner == null) return@PageFrame Loading()
            LearnerDisc(learner, 72.dp)
            Segments(
                listOf(Span.ThisYear to words["this_year"], Span.LastYear to words["last_year"], Span.Chosen to words["choose_days"]),
                state.span, model::choose, Modifier.padding(vertical = 12.dp),
            )
            if (state.span == Span.Chosen) Days(state, model)
            val sums = state.sums
            when {
                state.hasFailed -> Failed(words["progress_failed"], model::load)
                sums == null -> Loading()
                sums.entries == 0L && sums.minutes == 0L -> Help(words["nothing_noted"])
                else -> {
                    Card {
                        Text(words["hours_noted", words.day(sums.period.first), words.day(sums.period.last)], style = MaterialTheme.typography.bodyMedium)
                        Text(hours(sums.minutes, words), style = MaterialTheme.typography.headlineMedium)
                        Help(words.count("over_days", sums.days))
                        if (sums.minutes > 0) {
                            Help(words["noted_by", hours(sums.byParents, words), hours(sums.byOthers, words)])
                            Help(words["where", hours(sums.atHome, words), hours(sums.away, words)])
                        }
                        state.average?.takeIf { sums.minutes > 0 }?.let { Help(average(it, words)) }
                    }
                    for (target in state.towards) TowardsPart(target)
                    BySubject(sums.subjects, state.asTable, model::table)
                    ListRow(words["by_term"], icon = Icons.Table) { stage.way.open(TermsPage(id, sums.period)) }
                    Line()
                }
            }
            ListRow(words["year_group"], detail = state.yearGroup ?: words["no_year_group"], icon = Icons.Certificate) { stage.way.open(YearGroupPage(id)) }
            Line()
            Shelves(learner.id)
            LeavePart(learner, state, model)
            state.wrong?.let { Wrong(it) }
        }
    }
}

@Composable
private fun Days(state: LearnerState, model: LearnerModel) {
    val stage = LocalStage.current
    val today = stage.device.today()
    Row(verticalAlignment = Alignment.CenterVertically) {
        Column(Modifier.weight(1f)) {
            Label(stage.words["from_day"])
            DayField(stage.words["from_day"], state.chosen.first, today, model::from)
        }
        Column(Modifier.weight(1f)) {
            Label(stage.words["to_day"])
            DayField(stage.words["to_day"], state.chosen.last, today, model::to)
        }
    }
}

/** `12 h`, or `1 h 30 min`. */
internal fun hours(minutes: Long, words: Words): String = when {
    minutes % 60 == 0L -> words["hours", minutes / 60]
    minutes < 60 -> words["minutes", minutes]
    else -> words["hours_and_minutes", minutes / 60, minutes % 60]
}
