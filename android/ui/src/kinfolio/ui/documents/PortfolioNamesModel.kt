package kinfolio.ui.documents

import kinfolio.bridge.Core
import kinfolio.bridge.Details
import kinfolio.bridge.HowFar
import kinfolio.bridge.Learner
import kinfolio.bridge.Mentioned
import kinfolio.bridge.NamesIn
import kinfolio.bridge.OtherName
import kinfolio.bridge.OthersAs
import kinfolio.bridge.Outcome
import kinfolio.bridge.Portfolio
import kinfolio.bridge.Spot
import kinfolio.bridge.or
import kinfolio.ui.Saves
import kinfolio.ui.Target
import kinfolio.ui.reports.PrintAs
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Names in a portfolio, and the file. The name lives here alone, in memory. [far]: it is being made. */
data class PortfolioNamesState(
    val learner: Learner? = null,
    val printAs: PrintAs = PrintAs.FullName,
    val name: String = "",
    val remembers: Boolean = false,
    val named: NamesIn = NamesIn(),
    val fileName: String = "",
    val places: List<Mentioned> = emptyList(),
    val otherNames: List<OtherName> = emptyList(),
    val pages: Int? = null,
    val far: HowFar? = null,
    val made: Target? = null,
    val nameWrong: Boolean = false,
    val wrong: String? = null,
) {
    // Real names in here: never in a log.
    override fun toString() = "PortfolioNamesState"
}

/** A portfolio with the names that only this phone has. */
class PortfolioNamesModel(private val core: Core, private val portfolio: Portfolio, private val saves: Saves?, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(PortfolioNamesState())
    val state: StateFlow<PortfolioNamesState> = shown.asStateFlow()
    private val counting = Latest(scope)
    private var making: Job? = null

    suspend fun open() {
        if (shown.value.learner != null) return
        val learner = core.learners.list().or { emptyList() }.find { it.id == portfolio.learner } ?: return
        val known = core.printing.remembered(learner.id).or { null }?.name.orEmpty()
        val holds = core.portfolios.preview(portfolio).or { null } ?: return
        shown.update {
            it.copy(
                learner = learner, name = it.name.ifEmpty { known }, remembers = it.remembers || known.isNotEmpty(), fileName = holds.fileName,
                places = holds.places, otherNames = holds.otherNames,
            )
        }
        count()
    }

    fun printAs(how: PrintAs) = change { it.copy(printAs = how, nameWrong = false) }

    fun name(name: String) = change { it.copy(name = name, nameWrong = false) }

    fun remembers(isOn: Boolean) = change { it.copy(remembers = isOn) }

    fun others(how: OthersAs) = change { it.copy(named = it.named.copy(others = how)) }

    /** Says whether a word is the name. */
    fun tick(spot: Spot, isName: Boolean) = change { was ->
        val places = was.places.map { if (it.spot == spot) it.copy(isName = isName) else it }
        was.copy(places = places, named = was.named.copy(ticks = was.named.ticks + (spot to isName)))
    }

    fun shorten(name: String, isOn: Boolean) = change { was ->
        was.copy(named = was.named.copy(shortened = if (isOn) was.named.shortened + name else was.named.shortened - name))
    }

    /** Writes the file where a parent says. */
    fun make() {
        if (making?.isActive == true || saves == null) return
        if (shown.value.printAs != PrintAs.Nickname && shown.value.name.isBlank()) return shown.update { it.copy(nameWrong = true) }
        making = scope.launch {
            // Somebody may be quicker than what is read as the page opens.
            open()
            val now = shown.value
            val target = saves.choose(now.fileName) ?: return@launch
            shown.update { it.copy(far = HowFar(0, 0), wrong = null, made = null) }
            try {
                val kept = keep(now)
                val written = if (kept is Outcome.Failed) kept else core.portfolios.write(portfolio, named(now), target.path) { far -> shown.update { it.copy(far = far) } }
                when {
                    written is Outcome.Failed -> shown.update { it.copy(wrong = written.problem.reason) }
                    target.finish() -> shown.update { it.copy(made = target) }
                    else -> shown.update { it.copy(wrong = "") }
                }
            } finally {
                shown.update { it.copy(far = null) }
            }
        }
    }

    /** Stops making it: no half file stays. */
    fun stop() {
        making?.cancel()
    }

    /** What else is remembered for documents stays. */
    private suspend fun keep(now: PortfolioNamesState): Outcome<Unit> {
        val known = core.printing.remembered(portfolio.learner).or { null }
        return when {
            now.remembers && now.name.isNotBlank() -> core.printing.remember(portfolio.learner, (known ?: Details()).copy(name = now.name.trim()))
            !now.remembers && known != null -> core.printing.forget(portfolio.learner)
            else -> Outcome.Done(Unit)
        }
    }

    private fun named(now: PortfolioNamesState) = now.named.copy(printed = now.printAs.of(now.name))

    private fun change(how: (PortfolioNamesState) -> PortfolioNamesState) {
        shown.update { how(it).copy(made = null, wrong = null) }
        count()
    }

    private fun count() = counting.begin {
        delay(SETTLED_MS)
        val pages = core.portfolios.pages(portfolio, named(shown.value)).or { null }
        shown.update { it.copy(pages = pages?.pages) }
    }

    private companion object {
        /** So long after the last change pages are counted. */
        const val SETTLED_MS = 600L
    }
}
