package kinfolio.server

import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Files
import kinfolio.desktop.LoopbackBrowser
import kinfolio.ui.Browser
import kotlin.concurrent.thread
import kotlin.io.path.extension
import kotlin.io.path.readText

private class Answer(val text: String, val outside: String?)

const val PASSWORD = "seven brown otters cross the river"

/** A person with a browser without a screen: signs up and in through the server's real pages. */
class Person(private val server: TestServer, val email: String) {
    private val client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build()

    // By hand: Java's own cookie manager quotes the value of any cookie that has a Max-Age (RFC 2965), as no browser does.
    private val cookies = HashMap<String, String>()
    private var authenticator: Authenticator? = null

    /** The steps of sign-in that its pages asked for, in order. */
    val asked = ArrayList<String>()

    /** Creates an account with the code that comes by mail; ends signed in. */
    fun register() = apply {
        val sent = fill(send("/register", null), "/register", "email" to email)
        val known = fill(sent, "/register/code", "code" to code())
        val done = fill(known, "/register/password", "password" to PASSWORD, "adult" to "yes")
        check("You are signed in" in done.text) { done.text }
    }

    /** Switches two-step sign-in on, and forgets that this browser is signed in. */
    fun useTwoSteps() = apply {
        val page = fill(send("/account/two-step", null), "/account/two-step")
        val app = Authenticator(checkNotNull(Regex("<p class=\"key\">([^<]*)<").find(page.text)) { page.text }.groupValues[1])
        val paper = fill(page, "/account/two-step/new", "code" to app.code(0))
        check("Your backup codes" in paper.text) { paper.text }
        authenticator = app
        cookies.clear()
    }

    /** The browser of this person's phone: opens a page, does there what they would, and is led back to the app. */
    fun browser(): Browser = LoopbackBrowser("Back to Kinfolio") { address ->
        thread { client.send(HttpRequest.newBuilder(URI(authorize(address.toString()))).build(), HttpResponse.BodyHandlers.discarding()) }
        true
    }

    /** From an app's address to the one that leads back to the app. */
    private fun authorize(url: String): String {
        var page = send(url, null)
        repeat(4) {
            page.outside?.let { return it }
            page = when {
                has(page, "/login/totp") -> fill(page, "/login/totp", "code" to checkNotNull(authenticator).code(1)).also { asked += "code" }
                has(page, "/confirm") -> fill(page, "/confirm", "choice" to "continue").also { asked += "continue" }
                else -> fill(page, "/login", "email" to email, "password" to PASSWORD).also { asked += "password" }
            }
        }
        return checkNotNull(page.outside) { page.text }
    }

    private fun send(url: String, fields: Map<String, String>?): Answer {
        var request = HttpRequest.newBuilder(URI(server.url).resolve(url))
        if (fields != null) {
            val body = fields.entries.joinToString("&") { (name, value) -> "$name=" + URLEncoder.encode(value, Charsets.UTF_8) }
            request = request.header("Content-Type", "application/x-www-form-urlencoded").header("Origin", server.url)
                .POST(HttpRequest.BodyPublishers.ofString(body))
        }
        if (cookies.isNotEmpty()) request = request.header("Cookie", cookies.entries.joinToString("; ") { "${it.key}=${it.value}" })
        val reply = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
        for (cookie in reply.headers().allValues("Set-Cookie")) {
            val (name, value) = cookie.substringBefore(";").split("=", limit = 2)
            if ("Max-Age=0" in cookie) cookies.remove(name) else cookies[name] = value
        }
        val location = reply.headers().firstValue("Location").orElse(null) ?: return Answer(reply.body(), null)
        val isInside = location.startsWith("/") || location.startsWith("${server.url}/")
        return if (isInside) send(location, null) else Answer("", location)
    }

    private fun form(page: Answer, path: String) =
        Regex("<form[^>]*action=\"(${Regex.escape(path)}(?:\\?[^\"]*)?)\".*?</form>", RegexOption.DOT_MATCHES_ALL).find(page.text)

    private fun has(page: Answer, path: String) = form(page, path) != null

    private fun fill(page: Answer, path: String, vararg typed: Pair<String, String>): Answer {
        val form = form(page, path) ?: error("no form to $path in: ${page.text}")
        val hidden = Regex("type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"").findAll(form.value).associate { it.groupValues[1] to it.groupValues[2] }
        return send(form.groupValues[1].replace("&#38;", "&").replace("&amp;", "&"), hidden + typed)
    }

    private fun code(): String {
        repeat(400) {
            Files.list(server.mail).use { files ->
                for (path in files.filter { it.extension == "eml" }.toList()) {
                    val text = path.readText()
                    val found = Regex("^\\s*(\\d{4} \\d{4})\\s*$", RegexOption.MULTILINE).find(text)
                    if ("To: $email" in text && found != null) return found.groupValues[1]
                }
            }
            Thread.sleep(25)
        }
        error("no mail came to $email")
    }
}
