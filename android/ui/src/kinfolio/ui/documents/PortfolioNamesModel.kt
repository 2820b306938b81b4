package kinfolio.ui.documents

import kinfolio.bridge.Core
import kinfolio.bridge.Details
import kinfolio.bridge.Learner
import kinfolio.bridge.Mentioned
import kinfolio.bridge.NamesIn
import kinfolio.bridge.OtherName
import kinfolio.bridge.OthersAs
import kinfolio.bridge.Outcome
import kinfolio.bridge.Portfolio
import kinfolio.bridge.Spot
import kinfolio.bridge.or
import kinfolio.bridge.ticked
import kinfolio.ui.Saves
import kinfolio.ui.reports.Making
import kinfolio.ui.reports.PrintAs
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update

/** Names in a portfolio, and the file. The name lives here alone, in memory. */
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
    val nameWrong: Boolean = false,
    val isSealed: Boolean = false,
    /** They open the sealed file that was made, and are kept nowhere. */
    val sealWords: List<String> = emptyList(),
) {
    // Real names in here: never in a log.
    override fun toString() = "PortfolioNamesState"
}

/** A portfolio with the names that only this phone has. */
class PortfolioNamesModel(private val core: Core, private val portfolio: Portfolio, saves: Saves?, scope: CoroutineScope) {
    private val shown = MutableStateFlow(PortfolioNamesState())
    val state: StateFlow<PortfolioNamesState> = shown.asStateFlow()
    private val counting = Latest(scope)
    val making = Making(saves, scope)

    suspend fun open() {
        if (shown.value.learner != null) return
        val learner = core.learners.list().or { emptyList() }.find { it.id == portfolio.learner } ?: return
        val known = core.printing.remembered(learner.id).or { null }
        val holds = core.portfolios.preview(portfolio).or { null } ?: return
        shown.update {
            it.copy(
                learner = learner, name = it.name.ifEmpty { known?.name.orEmpty() }, remembers = it.remembers || known != null, fileName = holds.fileName,
                places = holds.places, otherNames = holds.otherNames,
            )
        }
        count()
    }

    fun printAs(how: PrintAs) = change { it.copy(printAs = how, nameWrong = false) }

    fun name(name: String) = change { it.copy(name = name, nameWrong = false) }

    fun remembers(isOn: Boolean) = change { it.copy(remembers = isOn) }

    fun others(how: OthersAs) = change { it.copy(named = it.named.copy(others = how)) }

    fun seal(isOn: Boolean) = change { it.copy(isSealed = isOn) }

    /** Says whether a word is the name. */
    fun tick(spot: Spot, isName: Boolean) = change { was ->
        was.copy(places = was.places.ticked(spot, isName), named = was.named.copy(ticks = was.named.ticks + (spot to isName)))
    }

    fun shorten(name: String, isOn: Boolean) = change { was -> was.copy(named = was.named.shortened(name, isOn)) }

    /** Writes the file where a parent says. */
    fun make() {
        if (shown.value.printAs != PrintAs.Nickname && shown.value.name.isBlank()) return shown.update { it.copy(nameWrong = true) }
        making.begin({
            // Somebody may be quicker than what is read as the page opens.
            open()
            shown.value.fileName.ifEmpty { null }
        }) { path, onFar ->
            val now = shown.value
            val kept = keep(now)
            when {
                kept is Outcome.Failed -> kept
                now.isSealed -> core.portfolios.seal(portfolio, named(now), path, onFar).also { if (it is Outcome.Done) shown.update { was -> was.copy(sealWords = it.value) } }
                else -> core.portfolios.write(portfolio, named(now), path, onFar)
            }
        }
    }

    /** What else is remembered for documents stays. */
    private suspend fun keep(now: PortfolioNamesState): Outcome<Unit> {
        val known = core.printing.remembered(portfolio.learner).or { null }
        return when {
            now.remembers && (known != null || now.name.isNotBlank()) -> core.printing.remember(portfolio.learner, (known ?: Details()).copy(name = now.name.trim()))
            !now.remembers && known != null -> core.printing.forget(portfolio.learner)
            else -> Outcome.Done(Unit)
        }
    }

    private fun named(now: PortfolioNamesState) = now.named.copy(printed = now.printAs.of(now.name))

    private fun change(how: (PortfolioNamesState) -> PortfolioNamesState) {
        shown.update { how(it).copy(sealWords = emptyList()) }
        making.forget()
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
