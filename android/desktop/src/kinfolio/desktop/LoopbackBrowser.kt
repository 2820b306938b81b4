package kinfolio.desktop

import com.sun.net.httpserver.HttpServer
import java.awt.Desktop
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.URI
import kinfolio.ui.Browser
import kinfolio.ui.ComeBack
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

private const val PATH = "/callback"
private const val FOUND = 200
private const val NOT_FOUND = 404

/**
 * The computer's own browser; it comes back to a port of this machine (RFC 8252 7.3). [opens] opens an address and says whether it could.
 * [comeBackText] is the page that tells a person to go back to the app.
 */
class LoopbackBrowser(private val comeBackText: String, private val opens: (URI) -> Boolean = ::inBrowser) : Browser {
    override suspend fun comeBack(server: String): ComeBack = withContext(Dispatchers.IO) { Listener(comeBackText) }

    override suspend fun open(url: String): Boolean = withContext(Dispatchers.IO) { opens(URI(url)) }
}

private class Listener(text: String) : ComeBack {
    private val came = CompletableDeferred<String>()
    private val server = HttpServer.create(InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0)
    override val redirect = "http://127.0.0.1:${server.address.port}$PATH"
    override val isLoopback = true

    init {
        server.createContext("/") { exchange ->
            val asked = exchange.requestURI
            // A browser asks for its little picture too: only the one path is an answer.
            val isAnswer = asked.path == PATH && asked.rawQuery != null
            val page = if (isAnswer) "<!doctype html><meta charset=utf-8><title>Kinfolio</title><p>$text" else ""
            val bytes = page.toByteArray()
            exchange.responseHeaders.add("Content-Type", "text/html; charset=utf-8")
            exchange.responseHeaders.add("Cache-Control", "no-store")
            exchange.sendResponseHeaders(if (isAnswer) FOUND else NOT_FOUND, bytes.size.toLong().takeIf { it > 0 } ?: -1)
            exchange.responseBody.use { it.write(bytes) }
            if (isAnswer) came.complete("$redirect?${asked.rawQuery}")
        }
        server.start()
    }

    override suspend fun callback(): String = came.await()

    // A second for the page that says to come back.
    override fun close() = server.stop(1)
}

private fun inBrowser(address: URI): Boolean = try {
    Desktop.isDesktopSupported() && Desktop.getDesktop().isSupported(Desktop.Action.BROWSE) && true.also { Desktop.getDesktop().browse(address) }
} catch (_: IOException) {
    false
}
