package kinfolio.ui.stage

import kinfolio.bridge.Core
import kinfolio.bridge.HowFar
import kinfolio.bridge.Outcome
import kinfolio.bridge.Part
import kinfolio.bridge.Problem
import kinfolio.bridge.SignInState
import kinfolio.bridge.or
import kinfolio.ui.Network
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.FlowPreview
import kotlinx.coroutines.Job
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.debounce
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.flow.filter
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/** What syncing does now, and why the last try came to nothing. */
data class SyncingState(val isRunning: Boolean = false, val far: HowFar = HowFar(0, 0), val problem: Problem? = null)

/** So long after the last change it is sent: a stretch of typing is one sending. */
private const val SETTLED_MS = 1_500L

/** So often it looks while nothing is wrong: another phone may have written. */
private const val OFTEN_MS = 5 * 60_000L

/** The first wait after a try that came to nothing, doubled each time. */
private const val FIRST_WAIT_MS = 30_000L
private const val LONGEST_WAIT_MS = 30 * 60_000L

/**
 * Sends and fetches while the app is open: after changes, when the connection comes back, now and then, and when somebody asks. One
 * sync at a time; after a try that came to nothing it waits longer each time. It does nothing before sync is turned on.
 */
class Syncing(private val core: Core, private val network: StateFlow<Network>, context: CoroutineContext) {
    private val scope = CoroutineScope(context + SupervisorJob(context[Job]) + Dispatchers.Default)
    private val shown = MutableStateFlow(SyncingState())
    val state: StateFlow<SyncingState> = shown.asStateFlow()
    private val wishes = Channel<Unit>(Channel.CONFLATED)
    @Volatile private var running: Job? = null
    @Volatile private var failures = 0

    init {
        scope.launch { work() }
        scope.launch { afterChanges() }
        scope.launch { afterConnecting() }
    }

    /** Syncs now; when it is syncing, once more after that. */
    fun now() {
        wishes.trySend(Unit)
    }

    /** Turns sync on and sends everything, also when the page that asked for it is left meanwhile. */
    suspend fun turnOn(): Outcome<Unit> = scope.async { core.phones.turnOnSync().also { if (it is Outcome.Done) now() } }.await()

    /** Stops at the next step. What was sent is sent. */
    fun stop() {
        running?.cancel()
    }

    /** Sends files this once over mobile data, whatever the settings say. */
    fun nowWithMobileData() {
        scope.launch {
            core.safety.onMobileData(false)
            val now = launch { once() }
            running = now
            now.join()
            core.safety.onMobileData(network.value == Network.Mobile)
        }
    }

    private suspend fun work() {
        while (true) {
            val now = scope.launch { once() }
            running = now
            now.join()
            withTimeoutOrNull(pause()) { wishes.receive() }
        }
    }

    private fun pause(): Long =
        if (failures == 0) OFTEN_MS else (FIRST_WAIT_MS shl (failures - 1).coerceAtMost(6)).coerceAtMost(LONGEST_WAIT_MS)

    private suspend fun once() {
        if (!core.safety.isOn().or { false }) return
        if (core.account.state().or { SignInState.Never } !is SignInState.Now) {
            // Nothing is tried without a sign-in: the safety page says so, and how to sign in.
            return shown.update { it.copy(isRunning = false, problem = Problem.SignInAgain("")) }
        }
        shown.update { SyncingState(isRunning = true) }
        try {
            core.phones.resume()
            val done = core.safety.sync { far -> shown.update { it.copy(far = far) } }
            failures = if (done is Outcome.Done) 0 else failures + 1
            shown.update { it.copy(problem = (done as? Outcome.Failed)?.problem) }
        } finally {
            shown.update { it.copy(isRunning = false) }
        }
    }

    @OptIn(FlowPreview::class)
    private suspend fun afterChanges() = core.changes.filter { parts -> parts.any { it != Part.Sync } }.debounce(SETTLED_MS).collect {
        // What a sync itself brought waits for nothing. While nothing can be reached each letter typed is no reason to try.
        if (failures == 0 && core.safety.waits().or { false }) now()
    }

    private suspend fun afterConnecting() {
        core.safety.onMobileData(network.value == Network.Mobile)
        network.drop(1).collect {
            core.safety.onMobileData(it == Network.Mobile)
            failures = 0
            if (it != Network.None) now()
        }
    }
}
