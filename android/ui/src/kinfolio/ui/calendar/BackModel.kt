package kinfolio.ui.calendar

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Learner
import kinfolio.bridge.Memory
import kinfolio.bridge.Outcome
import kinfolio.bridge.ThenAndNow
import kinfolio.bridge.or
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Two entries a year apart, whose they are, and in which subject. */
data class Pair(val learner: Learner, val subject: String, val of: ThenAndNow)

/** What earlier years hold. */
data class BackState(
    val isKnown: Boolean = false,
    /** Null: nobody was asked on this phone yet. */
    val isWanted: Boolean? = null,
    val memories: List<Memory> = emptyList(),
    val pair: Pair? = null,
    val wrong: String? = null,
)

/** This day in earlier years; nothing is read before somebody said yes. */
class BackModel(private val core: Core, private val scope: CoroutineScope, private val today: LocalDate) {
    private val shown = MutableStateFlow(BackState())
    val state: StateFlow<BackState> = shown.asStateFlow()

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { read() }
    }

    fun choose(on: Boolean) {
        scope.launch {
            val failed = core.lookingBack.choose(on) as? Outcome.Failed
            shown.update { it.copy(wrong = failed?.problem?.reason) }
            read()
        }
    }

    private suspend fun read() {
        val wanted = core.lookingBack.isWanted().or { return }
        if (wanted != true) return shown.update { BackState(isKnown = true, isWanted = wanted, wrong = it.wrong) }
        val memories = core.lookingBack.onThisDay(today).or { emptyList() }
        val pair = pair()
        shown.update { it.copy(isKnown = true, isWanted = true, memories = memories, pair = pair) }
    }

    /** The first learner and subject that have one. */
    private suspend fun pair(): Pair? {
        val subjects = core.editing.subjects().or { emptyList() }.filterNot { it.isHidden }
        for (learner in core.learners.list().or { emptyList() }.filterNot(Learner::archived)) {
            for (subject in subjects) core.lookingBack.thenAndNow(learner.id, subject.id).or { null }?.let { return Pair(learner, subject.name, it) }
        }
        return null
    }
}
