package kinfolio.ui.family.phones

import kinfolio.bridge.Asking
import kinfolio.bridge.Core
import kinfolio.bridge.Invite
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.bridge.Seen
import kinfolio.bridge.or
import kinfolio.ui.NoSquare
import kinfolio.ui.Outside
import kinfolio.ui.Words
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

/** What adding a phone shows. */
internal data class AddPhoneState(
    val invite: Invite? = null,
    val isFarAway: Boolean = false,
    /** A text was sent in an earlier look at this page, and its answer is waited for. */
    val isTextOut: Boolean = false,
    val asking: Asking? = null,
    val learners: List<Learner> = emptyList(),
    val member: String = "",
    val memberWrong: String? = null,
    val isAdding: Boolean = false,
    /** The phone that was added. */
    val added: String? = null,
    val hasEnded: Boolean = false,
    val isSignedOut: Boolean = false,
    val wrong: String? = null,
    val scanWrong: String? = null,
)

private const val LOOK_MS = 2_000L
private const val LINK = "invite_link"

/** A code for a new phone, who answers it, and adding that phone. */
internal class AddPhoneModel(
    private val core: Core,
    private val outside: Outside,
    private val syncing: Syncing,
    private val words: Words,
    private val scope: CoroutineScope,
) {
    private val shown = MutableStateFlow(AddPhoneState())
    val state: StateFlow<AddPhoneState> = shown.asStateFlow()
    val scanner = outside.scanner
    private var looking: Job? = null

    init {
        scope.launch {
            val learners = core.learners.list().or { emptyList() }.filterNot { it.archived }
            shown.update { it.copy(learners = learners) }
        }
        val out = outside.memos.read(LINK)
        if (out == null) make(isFarAway = false) else follow(out)
    }

    /** Looks whether somebody answered a text that was sent before. */
    private fun follow(link: String) {
        shown.update { it.copy(isTextOut = true) }
        look(link)
    }

    /** A new code; an earlier one is not looked at any more. */
    fun make(isFarAway: Boolean) {
        looking?.cancel()
        outside.memos.write(LINK, null)
        shown.update { AddPhoneState(isFarAway = isFarAway, learners = it.learners) }
        looking = scope.launch {
            when (val made = core.joining.invite(isFarAway)) {
                is Outcome.Failed -> shown.update { it.copy(wrong = said(made.problem, words), isSignedOut = made.problem is Problem.SignInAgain) }
                is Outcome.Done -> {
                    // A text is answered hours later, when this page was left long ago. The link's name opens nothing by itself.
                    if (isFarAway) outside.memos.write(LINK, made.value.link)
                    shown.update { it.copy(invite = made.value) }
                    watch(made.value.link)
                }
            }
        }
    }

    private fun look(link: String) {
        looking?.cancel()
        looking = scope.launch { watch(link) }
    }

    private suspend fun watch(link: String) {
        while (true) {
            when (val seen = core.joining.asking(link)) {
                is Outcome.Done -> {
                    shown.update { it.copy(wrong = null) }
                    if (seen.value != null) return shown.update { it.copy(asking = seen.value) }
                }
                is Outcome.Failed -> when (val problem = seen.problem) {
                    is Problem.Offline -> shown.update { it.copy(wrong = said(problem, words)) }
                    is Problem.Gone -> return ended()
                    else -> return shown.update { it.copy(wrong = said(problem, words)) }
                }
            }
            delay(LOOK_MS)
        }
    }

    private fun ended() {
        outside.memos.write(LINK, null)
        shown.update { it.copy(invite = null, isTextOut = false, hasEnded = true) }
    }

    /** The new phone shows its own square instead. */
    fun scan() {
        scope.launch {
            val payload = try {
                scanner?.scan() ?: return@launch
            } catch (_: NoSquare) {
                return@launch shown.update { it.copy(scanWrong = words["no_square"]) }
            }
            when (val seen = core.joining.scan(payload)) {
                is Outcome.Failed -> shown.update { it.copy(scanWrong = said(seen.problem, words)) }
                is Outcome.Done -> when (val what = seen.value) {
                    is Seen.Asks -> {
                        shown.update { it.copy(scanWrong = null) }
                        look(what.link)
                    }
                    is Seen.Invited -> shown.update { it.copy(scanWrong = words["already_in_family"]) }
                }
            }
        }
    }

    fun call(member: String) = shown.update { it.copy(member = member, memberWrong = null) }

    fun add() {
        val now = shown.value
        val asking = now.asking ?: return
        if (now.isAdding) return
        if (asking.member == null && now.member.isBlank()) return shown.update { it.copy(memberWrong = words["member_first"]) }
        shown.update { it.copy(isAdding = true, wrong = null) }
        scope.launch {
            when (val done = core.joining.approve(asking, now.member)) {
                is Outcome.Done -> {
                    outside.memos.write(LINK, null)
                    shown.update { it.copy(isAdding = false, added = asking.phone) }
                    syncing.now()
                }
                is Outcome.Failed -> {
                    shown.update { it.copy(isAdding = false, wrong = said(done.problem, words)) }
                    // The family changed meanwhile: what is asked is looked at anew.
                    (core.joining.asking(asking.link) as? Outcome.Done)?.value?.let { again -> shown.update { it.copy(asking = again) } }
                }
            }
        }
    }
}
