package kinfolio.ui.learners

import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.or
import kinfolio.ui.look.LearnerColour
import kinfolio.ui.parts.PICTURES
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the form of a learner shows. */
data class LearnerFormState(
    val nickname: String = "",
    val picture: String = PICTURES.first(),
    val colour: LearnerColour = LearnerColour.Plum,
    val isLoading: Boolean = true,
    /** What to do about the nickname. */
    val wrong: String? = null,
    /** What the others are called. */
    val others: List<String> = emptyList(),
) {
    /** Another learner is called so, too: that is allowed, and worth knowing. */
    val isTwice: Boolean get() = others.any { it.equals(nickname.trim(), ignoreCase = true) }
}

/** A learner who is added or changed. */
class LearnerFormModel(
    private val core: Core,
    private val scope: CoroutineScope,
    private val learner: String?,
    private val says: (String) -> String,
) {
    private val shown = MutableStateFlow(LearnerFormState())
    val state: StateFlow<LearnerFormState> = shown.asStateFlow()
    private var isOpen = false

    /** Fills the form, once: what was typed since stays. */
    suspend fun open() {
        if (isOpen) return
        isOpen = true
        val learners = core.learners.list().or { emptyList() }
        val (known, others) = learners.partition { it.id == learner }
        shown.update {
            val one = known.firstOrNull()
            val filled = when (one) {
                null -> it.copy(picture = PICTURES[learners.size % PICTURES.size], colour = LearnerColour.next(learners.size), isLoading = false)
                else -> LearnerFormState(one.nickname, one.emoji, LearnerColour.of(one.colour), isLoading = false)
            }
            filled.copy(others = others.map { other -> other.nickname })
        }
    }

    fun type(nickname: String) = shown.update { it.copy(nickname = nickname, wrong = null) }

    fun choose(picture: String) = shown.update { it.copy(picture = picture) }

    fun paint(colour: LearnerColour) = shown.update { it.copy(colour = colour) }

    fun save(onSaved: () -> Unit) {
        val now = shown.value
        if (now.nickname.isBlank()) return shown.update { it.copy(wrong = says("nickname_first")) }
        scope.launch {
            val saved = when (learner) {
                null -> core.learners.add(now.nickname, now.picture, now.colour.kept)
                else -> core.learners.change(learner, now.nickname, now.picture, now.colour.kept)
            }
            when (saved) {
                is Outcome.Done -> onSaved()
                is Outcome.Failed -> shown.update { it.copy(wrong = saved.problem.reason) }
            }
        }
    }
}
