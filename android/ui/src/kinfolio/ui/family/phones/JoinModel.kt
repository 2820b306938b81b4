package kinfolio.ui.family.phones

import kinfolio.bridge.Core
import kinfolio.bridge.FamilySeen
import kinfolio.bridge.Fate
import kinfolio.bridge.HowFar
import kinfolio.bridge.Invite
import kinfolio.bridge.JoinStep
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.bridge.Seen
import kinfolio.bridge.SignInState
import kinfolio.bridge.Taken
import kinfolio.bridge.or
import kinfolio.ui.NoSquare
import kinfolio.ui.Outside
import kinfolio.ui.Words
import kinfolio.ui.family.signin.SigningIn
import kinfolio.ui.family.signin.said
import kinfolio.ui.stage.Syncing
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What joining a family shows. [step] null: it is not known yet. */
internal data class JoinPageState(
    val step: JoinStep? = null,
    val text: String = "",
    val wrong: String? = null,
    /** The server wants its person to sign in once more before it goes on. */
    val signInAt: String? = null,
    val canShowMine: Boolean = false,
    val mine: Invite? = null,
    val family: FamilySeen? = null,
    val own: List<Learner> = emptyList(),
    val fates: Map<String, Fate> = emptyMap(),
    val fatesWrong: String? = null,
    val far: HowFar? = null,
    val taken: Taken? = null,
)

private const val ASK_MS = 2_000L
private const val TEXT = "join_text"

/** From a code to a place in the family. What was begun goes on where it was, also after the app was ended. */
internal class JoinModel(
    private val core: Core,
    private val outside: Outside,
    private val syncing: Syncing,
    private val words: Words,
    private val scope: CoroutineScope,
) {
    private val shown = MutableStateFlow(JoinPageState(text = outside.memos.read(TEXT).orEmpty()))
    val state: StateFlow<JoinPageState> = shown.asStateFlow()
    val signingIn = SigningIn(core, outside.browser, scope)
    val scanner = outside.scanner
    private var going: Job? = null

    init {
        go()
    }

    /** Goes on as far as it can, again and again while the other phone has to say yes. */
    fun go() {
        going?.cancel()
        going = scope.launch {
            val signIn = core.account.state().or { SignInState.Never }
            shown.update { it.copy(canShowMine = signIn is SignInState.Now, wrong = null) }
            while (true) {
                when (val step = core.joining.step()) {
                    is Outcome.Failed -> if (!goesOn(step.problem)) return@launch
                    is Outcome.Done -> {
                        shown.update { it.copy(step = step.value, wrong = null, signInAt = null) }
                        if (step.value == JoinStep.Ready) return@launch look()
                        if (step.value != JoinStep.Waiting) return@launch
                    }
                }
                delay(ASK_MS)
            }
        }
    }

    /** Says what went wrong; true: it is tried again by itself. */
    private suspend fun goesOn(problem: Problem): Boolean {
        val at = (core.account.state().or { null } as? SignInState.Now)?.server
        shown.update {
            it.copy(step = it.step ?: JoinStep.Waiting, wrong = said(problem, words), signInAt = if (problem is Problem.ShowYourself) at else null)
        }
        return problem is Problem.Offline
    }

    fun type(text: String) {
        // The text is good for one phone and is no secret to who sent it; a half typed one is there again later.
        outside.memos.write(TEXT, text.ifEmpty { null })
        shown.update { it.copy(text = text, wrong = null) }
    }

    fun takeText() {
        val text = shown.value.text
        if (text.isBlank()) return shown.update { it.copy(wrong = words["join_text_first"]) }
        scope.launch { taken(core.joining.type(text)) }
    }

    fun scan() {
        scope.launch {
            val payload = try {
                scanner?.scan() ?: return@launch
            } catch (_: NoSquare) {
                return@launch shown.update { it.copy(wrong = words["no_square"]) }
            }
            taken(core.joining.scan(payload))
        }
    }

    private fun taken(seen: Outcome<Seen>) = when (seen) {
        is Outcome.Failed -> shown.update { it.copy(wrong = said(seen.problem, words)) }
        is Outcome.Done -> {
            outside.memos.write(TEXT, null)
            shown.update { it.copy(text = "") }
            go()
        }
    }

    fun signIn(server: String) = signingIn.start(server) { go() }

    /** This phone shows a square of its own, for a phone of the family to scan. */
    fun showMine() {
        scope.launch {
            when (val made = core.joining.askToJoin()) {
                is Outcome.Failed -> goesOn(made.problem)
                is Outcome.Done -> {
                    shown.update { it.copy(mine = made.value) }
                    go()
                }
            }
        }
    }

    private suspend fun look() {
        shown.update { it.copy(far = HowFar(0, 0)) }
        val own = core.learners.list().or { emptyList() }
        val seen = core.joining.look { far -> shown.update { it.copy(far = far) } }
        when (seen) {
            is Outcome.Failed -> shown.update { it.copy(far = null, wrong = said(seen.problem, words)) }
            is Outcome.Done -> shown.update { now ->
                // Who has the same nickname is most likely the same child; whatever else it is, a parent says.
                val same = own.mapNotNull { mine -> seen.value.learners.find { it.nickname.equals(mine.nickname, true) }?.let { mine.id to Fate.Same(it.id) } }
                now.copy(far = null, family = seen.value, own = own, fates = same.toMap<String, Fate>() + now.fates)
            }
        }
    }

    fun choose(learner: String, fate: Fate) = shown.update { it.copy(fates = it.fates + (learner to fate), fatesWrong = null) }

    fun join() {
        val now = shown.value
        if (now.far != null) return
        if (now.own.any { it.id !in now.fates }) return shown.update { it.copy(fatesWrong = words["join_choose_first"]) }
        going?.cancel()
        going = scope.launch {
            shown.update { it.copy(far = HowFar(0, 0), fatesWrong = null) }
            when (val done = core.joining.join(now.fates) { far -> shown.update { it.copy(far = far) } }) {
                is Outcome.Failed -> shown.update { it.copy(far = null, fatesWrong = said(done.problem, words)) }
                is Outcome.Done -> {
                    shown.update { it.copy(far = null, taken = done.value) }
                    syncing.now()
                }
            }
        }
    }

    /** Stops what is under way now; joining is where it was. */
    fun stop() {
        going?.cancel()
        shown.update { it.copy(far = null) }
    }

    /** Gives joining up. What is on this phone stays as it is. */
    fun giveUp() {
        going?.cancel()
        signingIn.stop()
        scope.launch {
            core.joining.giveUp()
            shown.update { JoinPageState(canShowMine = it.canShowMine) }
            go()
        }
    }
}
