package kinfolio.ui.family.safety

import kinfolio.bridge.Core
import kinfolio.bridge.DeletedElsewhere
import kinfolio.bridge.Outcome
import kinfolio.bridge.Paper
import kinfolio.bridge.Phone
import kinfolio.bridge.SignInState
import kinfolio.bridge.Told
import kinfolio.bridge.WhereAll
import kinfolio.bridge.or
import kinfolio.ui.Outside
import kinfolio.ui.Words
import kinfolio.ui.family.signin.CHECKED
import kinfolio.ui.family.signin.SigningIn
import kinfolio.ui.family.signin.said
import kinfolio.ui.stage.Syncing
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the safety page shows. */
internal data class SafetyState(
    val all: WhereAll? = null,
    val hasFailed: Boolean = false,
    val signIn: SignInState = SignInState.Never,
    val endsSoonMs: Long? = null,
    val paper: Paper = Paper.None,
    val checkedOn: String? = null,
    val isPaperAsked: Boolean = true,
    val told: Told? = null,
    val deletions: List<DeletedElsewhere> = emptyList(),
    val phones: List<Phone> = emptyList(),
    val mayUseMobileData: Boolean = false,
    val deletionsWrong: String? = null,
    val toldWrong: String? = null,
    val alarmWrong: String? = null,
)

private const val HAD = "paper_had"

/** The truth about where everything is, and what can be done about it. */
internal class SafetyModel(
    private val core: Core,
    private val outside: Outside,
    private val syncing: Syncing,
    private val words: Words,
    private val today: () -> String,
    private val scope: CoroutineScope,
) {
    private val shown = MutableStateFlow(SafetyState())
    val state: StateFlow<SafetyState> = shown.asStateFlow()
    val signingIn = SigningIn(core, outside.browser, scope)
    private var loading: Job? = null

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    fun load() {
        loading?.cancel()
        loading = scope.launch {
            val all = core.safety.whereAll()
            if (all !is Outcome.Done) return@launch shown.update { it.copy(hasFailed = true) }
            val signIn = core.account.state().or { SignInState.Never }
            val endsSoon = core.account.endsSoonMs().or { null }
            val paper = core.recovery.paper().or { Paper.None }
            val told = core.recovery.told().or { null }
            val deletions = if (all.value.deletions > 0) core.safety.deletions().or { emptyList() } else emptyList()
            val phones = core.phones.list().or { emptyList() }
            val mayUseMobileData = core.safety.filesMayUseMobileData().or { false }
            val (checkedOn, hadOn) = outside.memos.read(CHECKED) to outside.memos.read(HAD)
            shown.update {
                it.copy(
                    all = all.value, hasFailed = false, signIn = signIn, endsSoonMs = endsSoon, paper = paper, told = told, deletions = deletions,
                    phones = phones, checkedOn = checkedOn, isPaperAsked = today() != checkedOn && today() != hadOn, mayUseMobileData = mayUseMobileData,
                )
            }
        }
    }

    /** A parent still has the paper. */
    fun hasPaper() {
        outside.memos.write(HAD, today())
        shown.update { it.copy(isPaperAsked = false) }
    }

    fun signInAgain() {
        val server = when (val now = shown.value.signIn) {
            is SignInState.Now -> now.server
            is SignInState.Ended -> now.server
            SignInState.Never -> null
        }
        scope.launch {
            val at = core.phones.server().or { null } ?: server ?: return@launch
            signingIn.start(at) {
                load()
                syncing.now()
            }
        }
    }

    fun acceptDeletions() = settle { core.safety.accept(shown.value.deletions) }

    fun keepDeleted() = settle { core.safety.keep(shown.value.deletions) }

    private fun settle(how: suspend () -> Outcome<Unit>) {
        scope.launch {
            val wrong = (how() as? Outcome.Failed)?.let { said(it.problem, words) }
            shown.update { it.copy(deletionsWrong = wrong) }
            load()
            if (wrong == null) syncing.now()
        }
    }

    fun callOffErasure() = tell { core.recovery.callOff() }

    fun putAwayRecoveryRead() = tell { core.recovery.putAway() }

    private fun tell(how: suspend () -> Outcome<Unit>) {
        scope.launch {
            val wrong = (how() as? Outcome.Failed)?.let { said(it.problem, words) }
            shown.update { it.copy(toldWrong = wrong) }
            load()
        }
    }

    /** Looks once more at a server that showed another history. */
    fun lookAgain() {
        scope.launch {
            val wrong = (core.phones.lookAgain() as? Outcome.Failed)?.let { said(it.problem, words) }
            shown.update { it.copy(alarmWrong = wrong) }
            load()
            syncing.now()
        }
    }
}
