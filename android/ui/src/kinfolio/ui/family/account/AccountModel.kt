package kinfolio.ui.family.account

import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Phone
import kinfolio.bridge.Problem
import kinfolio.bridge.SignInPlace
import kinfolio.bridge.SignInState
import kinfolio.bridge.or
import kinfolio.ui.Outside
import kinfolio.ui.Words
import kinfolio.ui.family.signin.SigningIn
import kinfolio.ui.family.signin.said
import kinfolio.ui.stage.Latest
import kinfolio.ui.stage.Syncing
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What a person was about to do when the server asked them to sign in once more. */
internal enum class AskedFor { EndPlace, Erase, CallOff, Delete, Keep }

/** What the account's page shows. */
internal data class AccountPageState(
    val signIn: SignInState = SignInState.Never,
    val places: List<SignInPlace>? = null,
    val placesWrong: String? = null,
    val phones: List<Phone> = emptyList(),
    /** Whether the family has a server, signed in or not. */
    val hasServer: Boolean = false,
    val deletionMs: Long? = null,
    /** The sign-in that is about to be ended. */
    val ending: SignInPlace? = null,
    /** The day on which the server's copy is erased; none: it is not. */
    val erasureMs: Long? = null,
    val isAskingErase: Boolean = false,
    val isAskingDelete: Boolean = false,
    val isAskingSignOut: Boolean = false,
    /** Waits for the person to sign in once more. */
    val waits: AskedFor? = null,
    val wrong: String? = null,
    val isLoading: Boolean = true,
)

/** The account on the server: where it is signed in, and its end. */
internal class AccountModel(
    private val core: Core,
    private val outside: Outside,
    private val syncing: Syncing,
    private val words: Words,
    private val scope: CoroutineScope,
) {
    private val shown = MutableStateFlow(AccountPageState())
    val state: StateFlow<AccountPageState> = shown.asStateFlow()
    val signingIn = SigningIn(core, outside.browser, scope)
    private var ending: SignInPlace? = null

    private val loading = Latest(scope)

    fun load() {
        loading.begin {
            val signIn = core.account.state().or { SignInState.Never }
            val phones = core.phones.list().or { emptyList() }
            val hasServer = core.phones.server().or { null } != null
            val told = core.recovery.told().or { null }
            shown.update { it.copy(signIn = signIn, phones = phones, hasServer = hasServer, erasureMs = told?.erasureMs, isLoading = false) }
            if (signIn !is SignInState.Now) return@begin
            when (val places = core.account.places()) {
                is Outcome.Done -> shown.update { it.copy(places = places.value, placesWrong = null) }
                is Outcome.Failed -> shown.update { it.copy(placesWrong = said(places.problem, words)) }
            }
            val deletion = core.account.deletionMs()
            if (deletion is Outcome.Done) shown.update { it.copy(deletionMs = deletion.value) }
        }
    }

    fun signIn() {
        val server = when (val now = shown.value.signIn) {
            is SignInState.Now -> now.server
            is SignInState.Ended -> now.server
            SignInState.Never -> null
        }
        scope.launch {
            val at = server ?: core.phones.server().or { null } ?: return@launch
            signingIn.start(at) {
                val waited = shown.value.waits
                shown.update { it.copy(waits = null, wrong = null) }
                load()
                syncing.now()
                when (waited) {
                    AskedFor.EndPlace -> end()
                    AskedFor.Erase -> erase()
                    AskedFor.CallOff -> callOff()
                    AskedFor.Delete -> delete()
                    AskedFor.Keep -> keep()
                    null -> {}
                }
            }
        }
    }

    fun askEnd(place: SignInPlace?) {
        ending = place ?: ending
        shown.update { it.copy(ending = place) }
    }

    fun end() {
        val place = ending ?: return
        done(AskedFor.EndPlace) { core.account.end(place.id) }
    }

    fun askSignOut(isAsking: Boolean) = shown.update { it.copy(isAskingSignOut = isAsking) }

    fun signOut() = done(null) { core.account.signOut() }

    fun askErase(isAsking: Boolean) = shown.update { it.copy(isAskingErase = isAsking) }

    /** The server's copy goes some days from now; the phones keep theirs. */
    fun erase() = done(AskedFor.Erase) { core.recovery.orderErasure() }

    fun callOff() = done(AskedFor.CallOff) { core.recovery.callOff() }

    fun askDelete(isAsking: Boolean) = shown.update { it.copy(isAskingDelete = isAsking) }

    fun delete() = done(AskedFor.Delete) { core.account.delete() }

    fun keep() = done(AskedFor.Keep) { core.account.keep() }

    private fun done(what: AskedFor?, how: suspend () -> Outcome<*>) {
        shown.update { it.copy(ending = null, isAskingErase = false, isAskingDelete = false, isAskingSignOut = false, wrong = null) }
        scope.launch {
            val problem = (how() as? Outcome.Failed)?.problem
            shown.update { it.copy(wrong = problem?.let { wrong -> said(wrong, words) }, waits = what.takeIf { problem is Problem.ShowYourself }) }
            if (problem == null) load()
        }
    }

    /** Opens the account's own pages in the browser: two-step sign-in, password, address. */
    fun openPages() {
        val server = (shown.value.signIn as? SignInState.Now)?.server ?: return
        scope.launch {
            if (!outside.browser.open("$server/account")) shown.update { it.copy(wrong = words["open_yourself", "$server/account"]) }
        }
    }
}
