package kinfolio.ui.family.lock

import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.ui.Memos
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.isActive
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** Whether the record is open. */
sealed interface Watch {
    /** It is being opened, or closed. */
    data object Busy : Watch
    data object Locked : Watch
    data class Open(val core: Core) : Watch
    data class Failed(val reason: String) : Watch
}

private const val AFTER = "lock-after"
private const val LOOK_MS = 5_000L
private const val MINUTE_MS = 60_000L

/** Locks by itself after one of these, in minutes; 0 is never. */
internal val AFTER_MINUTES = listOf(1, 5, 15, 0)
private const val FIRST_MINUTES = 5

/** Opens the record, and closes it again: when somebody says so, or when nobody has touched the app for a while. [open] opens it. */
class Guard(
    val lock: Lock, private val memos: Memos, private val nowMs: () -> Long = System::currentTimeMillis, private val open: suspend () -> Outcome<Core>,
) : AutoCloseable {
    private val scope = CoroutineScope(SupervisorJob() + Dispatchers.Default)
    private val turn = Mutex()
    private val shown = MutableStateFlow<Watch>(Watch.Busy)
    val state: StateFlow<Watch> = shown.asStateFlow()
    private val handedOver = MutableStateFlow<String?>(null)

    /** The one entry that is shown to somebody, while everything else is locked. */
    val handed: StateFlow<String?> = handedOver.asStateFlow()
    private val minutes = MutableStateFlow(memos.read(AFTER)?.toIntOrNull()?.takeIf { it in AFTER_MINUTES } ?: FIRST_MINUTES)
    val after: StateFlow<Int> = minutes.asStateFlow()
    @Volatile private var touchedMs = nowMs()

    init {
        scope.launch {
            while (isActive) {
                delay(LOOK_MS)
                look()
            }
        }
    }

    /** At the start, and to try again: opens what needs no PIN. */
    fun start() {
        scope.launch { turn.withLock { if (shown.value is Watch.Open) return@withLock else if (lock.hasPin) shown.value = Watch.Locked else opened() } }
    }

    /** In its own scope: the screen that asks for the PIN is gone as soon as it was right, and the record is to open all the same. */
    suspend fun unlock(pin: String): Tried = scope.async { turn.withLock { lock.unlock(pin).also { if (it is Tried.Right) opened() } } }.await()

    /** The same by a finger or a face; false: nobody showed it. */
    suspend fun unlockQuickly(): Boolean = scope.async { turn.withLock { (lock.quick?.unlock() == true).also { if (it) opened() } } }.await()

    private suspend fun opened() {
        if (shown.value is Watch.Open) return
        shown.value = Watch.Busy
        touchedMs = nowMs()
        shown.value = when (val now = open()) {
            is Outcome.Done -> Watch.Open(now.value)
            is Outcome.Failed -> Watch.Failed(now.problem.reason)
        }
    }

    /** Closes the record. What pages write as they are left is written first. Without a PIN there is nothing to lock. */
    fun lockNow() {
        if (!lock.hasPin) return
        scope.launch {
            turn.withLock {
                val now = shown.value as? Watch.Open ?: return@withLock
                shown.value = Watch.Busy
                handedOver.value = null
                now.core.close()
                lock.forget()
                shown.value = Watch.Locked
            }
        }
    }

    /** The record, for who needs no person: opened where no PIN is asked for, else what it is that keeps it shut. */
    suspend fun core(): Outcome<Core> {
        start()
        return when (val now = state.first { it !is Watch.Busy }) {
            is Watch.Open -> Outcome.Done(now.core)
            is Watch.Failed -> Outcome.Failed(Problem.Fault(now.reason))
            else -> Outcome.Failed(Problem.Locked("The record is locked."))
        }
    }

    /** The screen went dark: whoever lights it again is asked, unless nothing is to lock by itself. */
    fun wentDark() {
        if (minutes.value > 0 && (shown.value as? Watch.Open)?.core?.isWorking != true) lockNow()
    }

    fun lockAfter(after: Int) {
        minutes.value = after
        memos.write(AFTER, after.toString())
    }

    /** Somebody is there. */
    fun touched() {
        touchedMs = nowMs()
    }

    /** Locks where nobody has been there for long enough. Long work, such as reading in photos, counts as somebody: locking would stop it. */
    fun look() {
        if ((shown.value as? Watch.Open)?.core?.isWorking == true) touched()
        val after = minutes.value
        if (after > 0 && nowMs() - touchedMs >= after * MINUTE_MS) lockNow()
    }

    /** Shows one entry and nothing else, until the PIN is given. */
    fun handOver(entry: String) {
        if (lock.hasPin) handedOver.value = entry
    }

    /** Gives everything back to who knows the PIN. */
    suspend fun takeBack(pin: String): Tried = turn.withLock { lock.unlock(pin).also { if (it is Tried.Right) handedOver.value = null } }

    override fun close() {
        scope.coroutineContext[kotlinx.coroutines.Job]?.cancel()
    }
}
