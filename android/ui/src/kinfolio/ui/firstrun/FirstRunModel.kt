package kinfolio.ui.firstrun

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.ui.look.LearnerColour
import kinfolio.ui.parts.PICTURES
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the first screen shows. `…Wrong`: what to do about the field. */
data class FirstRunState(
    val nickname: String = "",
    val picture: String = PICTURES.first(),
    val text: String = "",
    val day: LocalDate,
    val nicknameWrong: String? = null,
    val textWrong: String? = null,
)

/** The first learner and the first entry, made together. */
class FirstRunModel(
    private val core: Core,
    private val scope: CoroutineScope,
    today: LocalDate,
    private val says: (String) -> String,
    private val onDone: () -> Unit,
) {
    private val shown = MutableStateFlow(FirstRunState(day = today))
    val state: StateFlow<FirstRunState> = shown.asStateFlow()
    private var isSaving = false

    fun type(nickname: String) = shown.update { it.copy(nickname = nickname, nicknameWrong = null) }

    fun choose(picture: String) = shown.update { it.copy(picture = picture) }

    fun write(text: String) = shown.update { it.copy(text = text, textWrong = null) }

    fun save() {
        val now = shown.value
        val nicknameWrong = says("nickname_first").takeIf { now.nickname.isBlank() }
        val textWrong = says("something_first").takeIf { now.text.isBlank() }
        shown.update { it.copy(nicknameWrong = nicknameWrong, textWrong = textWrong) }
        if (nicknameWrong != null || textWrong != null || isSaving) return
        isSaving = true
        scope.launch {
            store(now)
            isSaving = false
        }
    }

    private suspend fun store(of: FirstRunState) {
        val learner = when (val added = core.learners.add(of.nickname, of.picture, LearnerColour.next(0).kept)) {
            is Outcome.Done -> added.value
            is Outcome.Failed -> return shown.update { it.copy(nicknameWrong = added.problem.reason) }
        }
        when (val made = core.entries.create(of.day, of.text, setOf(learner.id), onRecord = true)) {
            is Outcome.Done -> onDone()
            // The learner is there by now: the timeline has the way to write the entry anew.
            is Outcome.Failed -> shown.update { it.copy(textWrong = made.problem.reason) }
        }
    }
}
