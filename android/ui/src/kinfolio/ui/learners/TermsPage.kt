package kinfolio.ui.learners

import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Period
import kinfolio.bridge.TermSums
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Latest
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update

/** A learner's terms; none while they are counted. */
data class TermsState(val terms: List<TermSums>? = null, val failed: String? = null)

/** What was noted of a learner, term by term. */
class TermsModel(private val core: Core, scope: CoroutineScope, private val learner: String, private val period: Period) {
    private val shown = MutableStateFlow(TermsState())
    val state: StateFlow<TermsState> = shown.asStateFlow()
    private val latest = Latest(scope)

    /** Looks for as long as the page is there. */
    suspend fun watch() = core.changes.collect { load() }

    fun load() = latest.begin {
        when (val read = core.progress.byTerm(learner, period)) {
            is Outcome.Done -> shown.update { TermsState(read.value) }
            is Outcome.Failed -> shown.update { it.copy(failed = read.problem.reason) }
        }
    }
}

/** What was noted of a learner in each term, in words and numbers. */
data class TermsPage(val learner: String, val period: Period) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { TermsModel(stage.core, it, learner, period) }
        val state by model.state.collectAsState()
        LaunchedEffect(model) { model.watch() }
        PageFrame(words["by_term"]) {
            state.failed?.let { return@PageFrame Failed(words["progress_failed"], model::load) }
            val terms = state.terms ?: return@PageFrame Loading()
            Help(words["by_term_means"])
            for (term in terms) {
                val days = words["term_days", words.day(term.period.first), words.day(term.period.last)]
                Head(term.name.ifEmpty { days })
                val isEmpty = term.entries == 0L && term.minutes == 0L
                val sum = if (isEmpty) words["nothing_noted"] else listOf(words.count("entries", term.entries), hours(term.minutes, words), words.count("over_days", term.days)).joinToString(", ")
                Help(if (term.name.isEmpty()) sum else "$days: $sum")
                for (subject in term.subjects) {
                    ListRow(subject.name.ifEmpty { words["no_subject"] }, end = words.count("entries", subject.entries) + ", " + hours(subject.minutes, words))
                    Line()
                }
            }
        }
    }
}
