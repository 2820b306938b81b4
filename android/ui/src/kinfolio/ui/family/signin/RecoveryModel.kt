package kinfolio.ui.family.signin

import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Paper
import kinfolio.bridge.Problem
import kinfolio.bridge.or
import kinfolio.ui.Memos
import kinfolio.ui.Words
import kotlin.random.Random
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** The steps to a paper that holds. */
internal enum class PaperStep { Begin, Show, Check, TypeAll, Done }

/** A word that is asked for: its place on the paper, what was typed, and what is wrong with it. */
internal data class Asked(val place: Int, val typed: String = "", val wrong: String? = null)

/** What the page of the recovery paper shows. The words are here for as long as the page is, and nowhere else. */
internal data class RecoveryPageState(
    val step: PaperStep = PaperStep.Begin,
    val paper: Paper = Paper.None,
    val shownWords: List<String> = emptyList(),
    val asked: List<Asked> = emptyList(),
    val all: String = "",
    val wrong: String? = null,
    val isWorking: Boolean = false,
    val isLoading: Boolean = true,
)

/** The day on which the words were checked on this phone. */
internal const val CHECKED = "paper_checked"
private const val ASKED = 3

/** Makes twelve words, shows them once, and puts them in force when some of them were typed in again. */
internal class RecoveryModel(
    private val core: Core,
    private val memos: Memos,
    private val today: () -> String,
    private val words: Words,
    private val scope: CoroutineScope,
) {
    private val shown = MutableStateFlow(RecoveryPageState())
    val state: StateFlow<RecoveryPageState> = shown.asStateFlow()

    suspend fun open() {
        val paper = core.recovery.paper().or { Paper.None }
        shown.update { it.copy(paper = paper, isLoading = false) }
    }

    fun make() {
        scope.launch {
            when (val made = core.recovery.make()) {
                is Outcome.Done -> shown.update { it.copy(step = PaperStep.Show, shownWords = made.value, wrong = null) }
                is Outcome.Failed -> shown.update { it.copy(wrong = said(made.problem, words)) }
            }
        }
    }

    /** The words are on paper: some of them are asked for. */
    fun written() = shown.update { now ->
        val places = now.shownWords.indices.shuffled(Random).take(ASKED).sorted()
        now.copy(step = PaperStep.Check, asked = places.map(::Asked), wrong = null)
    }

    fun showAgain() = shown.update { it.copy(step = PaperStep.Show, wrong = null) }

    fun type(place: Int, word: String) = shown.update { now ->
        now.copy(asked = now.asked.map { if (it.place == place) it.copy(typed = word, wrong = null) else it }, wrong = null)
    }

    /** The words were shown before, and this phone has them no more: all of them are asked for. */
    fun typeAll() = shown.update { it.copy(step = PaperStep.TypeAll, wrong = null) }

    fun typeAll(text: String) = shown.update { it.copy(all = text, wrong = null) }

    fun check() {
        val now = shown.value
        if (now.isWorking) return
        if (now.step == PaperStep.TypeAll) return confirm(now.all)
        val checked = now.asked.map {
            val isRight = it.typed.trim().equals(now.shownWords[it.place], ignoreCase = true)
            it.copy(wrong = if (isRight) null else words["not_this_word", it.place + 1])
        }
        shown.update { it.copy(asked = checked) }
        if (checked.all { it.wrong == null }) confirm(now.shownWords.joinToString(" "))
    }

    private fun confirm(all: String) {
        shown.update { it.copy(isWorking = true, wrong = null) }
        scope.launch {
            val problem = (core.recovery.confirm(all) as? Outcome.Failed)?.problem
            val paper = core.recovery.paper().or { Paper.None }
            // Without an answer of the server the words are kept as checked: the next sync finishes it.
            val isDone = problem == null || problem is Problem.Offline && paper == Paper.Waiting
            if (isDone) memos.write(CHECKED, today())
            shown.update {
                if (isDone) RecoveryPageState(PaperStep.Done, paper, isLoading = false)
                else it.copy(paper = paper, isWorking = false, wrong = problem?.let { said(it, words) })
            }
        }
    }
}
