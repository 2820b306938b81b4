package kinfolio.ui.family.signin

import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Paper
import kinfolio.bridge.SignInState
import kinfolio.bridge.or
import kinfolio.ui.Outside
import kinfolio.ui.Words
import kinfolio.ui.stage.Syncing
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What turning sync on shows. */
internal data class TurnOnState(
    val server: String = "",
    val serverWrong: String? = null,
    val signIn: SignInState = SignInState.Never,
    val paper: Paper = Paper.None,
    val isOn: Boolean = false,
    val isTurningOn: Boolean = false,
    val storeWrong: String? = null,
    val isLoading: Boolean = true,
)

private const val SERVER = "server"

/** From a phone of its own to one with a copy on a server. What is done stays done: each step can be left and come back to. */
internal class TurnOnModel(
    private val core: Core,
    private val outside: Outside,
    private val syncing: Syncing,
    private val words: Words,
    private val scope: CoroutineScope,
) {
    private val shown = MutableStateFlow(TurnOnState(server = outside.memos.read(SERVER) ?: outside.server))
    val state: StateFlow<TurnOnState> = shown.asStateFlow()
    val signingIn = SigningIn(core, outside.browser, scope)

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    private suspend fun load() {
        val signIn = core.account.state().or { SignInState.Never }
        val paper = core.recovery.paper().or { Paper.None }
        val isOn = core.phones.server().or { null } != null
        shown.update { it.copy(signIn = signIn, paper = paper, isOn = isOn, isLoading = false) }
    }

    fun type(server: String) {
        outside.memos.write(SERVER, server)
        shown.update { it.copy(server = server, serverWrong = null) }
    }

    fun signIn() {
        val server = shown.value.server.trim()
        if (server.isEmpty()) return shown.update { it.copy(serverWrong = words["server_first"]) }
        shown.update { it.copy(serverWrong = null, storeWrong = null) }
        // People leave the beginning out.
        val address = if ("://" in server) server else "https://$server"
        signingIn.start(address) { load() }
    }

    /** Signs out again: another account is to be used. */
    fun useAnother() {
        scope.launch {
            core.account.signOut()
            load()
        }
    }

    fun store() {
        val now = shown.value
        if (now.isTurningOn) return
        if (now.signIn !is SignInState.Now) return shown.update { it.copy(storeWrong = words["sign_in_first"]) }
        shown.update { it.copy(isTurningOn = true, storeWrong = null) }
        scope.launch {
            val done = syncing.turnOn()
            shown.update { it.copy(isTurningOn = false, storeWrong = (done as? Outcome.Failed)?.let { failed -> said(failed.problem, words) }) }
            load()
        }
    }
}
