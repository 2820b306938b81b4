package kinfolio.server

import java.net.URI
import java.net.http.HttpClient
import java.net.http.WebSocket
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CompletionStage
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.io.path.exists

private val PLACES = listOfNotNull(System.getenv("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
private const val WAIT_S = 60L

/** Debian's Chromium without a window, driven through its DevTools port. It reaches this machine only. */
class Chromium : AutoCloseable {
    private val profile: Path = Files.createTempDirectory("kinfolio-chromium")
    private val process: Process
    private val socket: WebSocket
    private val answers = ConcurrentHashMap<Int, CompletableFuture<String>>()
    private val number = AtomicInteger()
    private var session = ""

    init {
        val path = checkNotNull(PLACES.map(Path::of).find(Path::exists)) { "install chromium, or set CHROMIUM to its path" }
        process = ProcessBuilder(
            "$path", "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--user-data-dir=$profile", "--no-first-run",
            "--no-proxy-server", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "about:blank",
        ).start()
        val door = process.errorStream.bufferedReader().lineSequence().first { "DevTools listening on " in it }.substringAfter("listening on ")
        socket = HttpClient.newHttpClient().newWebSocketBuilder().buildAsync(URI(door), Heard()).get(WAIT_S, TimeUnit.SECONDS)
    }

    private inner class Heard : WebSocket.Listener {
        private val text = StringBuilder()

        override fun onText(socket: WebSocket, part: CharSequence, isLast: Boolean): CompletionStage<*>? {
            text.append(part)
            if (isLast) {
                val message = text.toString()
                text.clear()
                Regex("^\\{\"id\":(\\d+)").find(message)?.let { answers.remove(it.groupValues[1].toInt())?.complete(message) }
            }
            socket.request(1)
            return null
        }
    }

    private fun ask(method: String, parameters: String): String {
        val id = number.incrementAndGet()
        val answer = CompletableFuture<String>().also { answers[id] = it }
        val to = if (session.isEmpty()) "" else ",\"sessionId\":\"$session\""
        socket.sendText("{\"id\":$id,\"method\":\"$method\",\"params\":$parameters$to}", true).get(WAIT_S, TimeUnit.SECONDS)
        return answer.get(WAIT_S, TimeUnit.SECONDS)
    }

    /** Opens a page in a tab of its own. */
    fun open(url: String) {
        session = ""
        val target = Regex("\"targetId\":\"([^\"]+)\"").find(ask("Target.createTarget", "{\"url\":${quoted(url)}}"))!!.groupValues[1]
        session = Regex("\"sessionId\":\"([^\"]+)\"").find(ask("Target.attachToTarget", "{\"targetId\":\"$target\",\"flatten\":true}"))!!.groupValues[1]
    }

    /** What a line of script on the page comes to. */
    fun value(script: String): String {
        val answer = ask("Runtime.evaluate", "{\"expression\":${quoted("String($script)")},\"returnByValue\":true}")
        return Regex("\"type\":\"string\",\"value\":\"(.*?)\"\\}", RegexOption.DOT_MATCHES_ALL).find(answer)?.groupValues?.get(1).orEmpty()
    }

    /** Waits until the page says this. */
    fun waitFor(text: String) {
        val until = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_S)
        while (text !in value("document.body && document.body.innerText")) {
            check(System.nanoTime() < until) { "“$text” is not on the page, but ${value("document.body.innerText")}" }
            Thread.sleep(50)
        }
    }

    /** Types into a field as a person does, and presses the button that is called so. */
    fun type(field: String, text: String) {
        value("document.querySelector('[name=$field]').focus()")
        ask("Input.insertText", "{\"text\":${quoted(text)}}")
    }

    fun press(button: String) {
        value("[...document.querySelectorAll('button')].find(b => b.innerText.trim() === ${quoted(button)}).click()")
    }

    override fun close() {
        socket.abort()
        process.destroy()
        if (!process.waitFor(WAIT_S, TimeUnit.SECONDS)) process.destroyForcibly()
        profile.toFile().deleteRecursively()
    }
}

private fun quoted(text: String) = "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\""
