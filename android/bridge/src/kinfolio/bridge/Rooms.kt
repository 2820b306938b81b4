package kinfolio.bridge

import java.lang.reflect.InvocationTargetException
import java.lang.reflect.Proxy
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull
import uniffi.kinfolio.Client
import uniffi.kinfolio.ClientInterface
import uniffi.kinfolio.Subscription

/** So long nobody must have asked anything. */
private const val QUIET_MS = 300L

/** So long it waits for that. */
private const val LONGEST_MS = 5_000L
private const val LOOK_MS = 20L

/** The rooms that a client handed out. Each of them keeps the store open by itself, so closing means closing all. */
internal class Rooms {
    private val handed = ArrayList<AutoCloseable>()

    /** The client, with every room that it hands out remembered. */
    fun remembered(client: Client): ClientInterface {
        val loader = ClientInterface::class.java.classLoader
        return Proxy.newProxyInstance(loader, arrayOf(ClientInterface::class.java)) { _, method, arguments ->
            val room = try {
                method.invoke(client, *arguments.orEmpty())
            } catch (failed: InvocationTargetException) {
                throw failed.targetException
            }
            // Who listens ends that by itself, and holds no store.
            if (room is AutoCloseable && room !is Subscription) synchronized(handed) { handed += room }
            room
        } as ClientInterface
    }

    fun close() = synchronized(handed) { handed.forEach(AutoCloseable::close) }
}

/** Returns once nobody has asked the core anything for a moment. */
internal suspend fun quiet() = withContext(Dispatchers.Default) {
    withTimeoutOrNull(LONGEST_MS) {
        var last = asked.get()
        var still = 0L
        while (still < QUIET_MS) {
            delay(LOOK_MS)
            val now = asked.get()
            still = if (running.get() == 0 && now == last) still + LOOK_MS else 0
            last = now
        }
    }
}
