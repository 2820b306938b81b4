package kinfolio.ui.family.settings

import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Term
import kinfolio.bridge.or
import kinfolio.ui.parts.DayField
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Label
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

internal data class TermState(
    val name: String = "", val first: LocalDate? = null, val last: LocalDate? = null,
    val nameWrong: Boolean = false, val firstWrong: Boolean = false, val lastWrong: Boolean = false, val failed: String? = null,
)

internal class TermModel(private val core: Core, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(TermState())
    val state: StateFlow<TermState> = shown.asStateFlow()

    fun name(typed: String) = shown.update { it.copy(name = typed, nameWrong = false) }
    fun first(day: LocalDate) = shown.update { it.copy(first = day, firstWrong = false) }
    fun last(day: LocalDate) = shown.update { it.copy(last = day, lastWrong = false) }

    fun save(onSaved: () -> Unit) {
        val now = shown.value
        val (first, last) = now.first to now.last
        val isBackwards = first != null && (last == null || last < first)
        shown.update { it.copy(nameWrong = now.name.isBlank(), firstWrong = first == null, lastWrong = isBackwards, failed = null) }
        if (now.name.isBlank() || first == null || last == null || isBackwards) return
        scope.launch {
            val base = core.settings.family().or { return@launch fail(it.reason) }
            val saved = core.settings.save(base, base.copy(terms = (base.terms + Term(now.name.trim(), first, last)).sortedBy(Term::first)))
            if (saved is Outcome.Failed) fail(saved.problem.reason) else onSaved()
        }
    }

    private fun fail(reason: String) = shown.update { it.copy(failed = reason) }
}

/** A new term. */
object TermPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { TermModel(stage.core, it) }
        val state by model.state.collectAsState()
        PageFrame(words["add_term"], foot = { MainButton(words["save"], { model.save { stage.way.back() } }) }) {
            state.failed?.let { Wrong(it) }
            Field(words["term_name"], state.name, model::name, wrong = words["term_name_first"].takeIf { state.nameWrong })
            Label(words["first_day"])
            DayField(words["first_day"], state.first, stage.device.today(), model::first, none = words["choose_day"], wrong = words["first_day_first"].takeIf { state.firstWrong })
            Label(words["last_day"])
            DayField(words["last_day"], state.last, stage.device.today(), model::last, none = words["choose_day"], wrong = words["last_day_first"].takeIf { state.lastWrong })
        }
    }
}
