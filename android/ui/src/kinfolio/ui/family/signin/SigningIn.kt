package kinfolio.ui.family.signin

import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.ui.Browser
import kinfolio.ui.ComeBack
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** How far a sign-in is. */
internal sealed interface Round {
    data object Idle : Round

    /** The server is asked for its page. */
    data object Opening : Round

    /** A person is at the page in the browser. */
    data class AtPage(val url: String, val isOpen: Boolean) : Round
    data object Finishing : Round
    data class Failed(val problem: Problem) : Round
}

private const val TRIES = 3
private const val AGAIN_MS = 2_000L

/** One sign-in in the browser, from the server's address to the tokens. */
internal class SigningIn(private val core: Core, private val browser: Browser, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow<Round>(Round.Idle)
    val state: StateFlow<Round> = shown.asStateFlow()
    private var under: Job? = null

    /** Begins at a server; [onDone] comes after the browser came back and the tokens are kept. */
    fun start(server: String, onDone: suspend () -> Unit) {
        under?.cancel()
        under = scope.launch {
            shown.value = Round.Opening
            browser.comeBack(server).use { round(server, it) }?.let { shown.value = Round.Failed(it) } ?: run {
                shown.value = Round.Idle
                onDone()
            }
        }
    }

    private suspend fun round(server: String, place: ComeBack): Problem? {
        val url = when (val begun = core.account.begin(server, place.redirect, place.isLoopback)) {
            is Outcome.Done -> begun.value
            is Outcome.Failed -> return begun.problem
        }
        shown.value = Round.AtPage(url, browser.open(url))
        val callback = place.callback()
        shown.value = Round.Finishing
        var tries = 1
        while (true) {
            val problem = (core.account.finish(callback) as? Outcome.Failed)?.problem
            // The code lives for a minute: a bad connection gets another try or two.
            if (problem !is Problem.Offline || tries++ == TRIES) return problem ?: bound()
            delay(AGAIN_MS)
        }
    }

    /** A family that syncs already knows this phone by its key: the new sign-in is bound to it. Each sync would do it too. */
    private suspend fun bound(): Problem? {
        if ((core.phones.server() as? Outcome.Done)?.value != null) core.phones.bind()
        return null
    }

    /** Opens the page once more, as after its window was closed. */
    fun openAgain() {
        val now = shown.value as? Round.AtPage ?: return
        scope.launch { shown.value = Round.AtPage(now.url, browser.open(now.url)) }
    }

    /** Gives this sign-in up. */
    fun stop() {
        under?.cancel()
        shown.value = Round.Idle
    }
}
