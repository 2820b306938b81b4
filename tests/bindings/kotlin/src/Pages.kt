// A browser without a screen: signs up and in through the server's real pages.
import java.net.URI
import java.net.URLEncoder
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.nio.file.Files
import java.nio.file.Path
import kotlin.io.path.extension
import kotlin.io.path.readText

/** What a page answered: its text, or the address outside of the server that it leads to. */
class Answer(val text: String, val outside: String?)

class Browser(private val server: String, private val mail: Path) {
    private val client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build()

    // By hand: Java's own cookie manager quotes the value of any cookie that has a Max-Age (RFC 2965), as no browser does.
    private val cookies = HashMap<String, String>()

    private fun send(url: String, fields: Map<String, String>?): Answer {
        var request = HttpRequest.newBuilder(URI(server).resolve(url))
        if (fields != null) {
            val body = fields.entries.joinToString("&") { (name, value) -> "$name=" + URLEncoder.encode(value, Charsets.UTF_8) }
            request = request.header("Content-Type", "application/x-www-form-urlencoded").header("Origin", server)
                .POST(HttpRequest.BodyPublishers.ofString(body))
        }
        if (cookies.isNotEmpty()) request = request.header("Cookie", cookies.entries.joinToString("; ") { "${it.key}=${it.value}" })
        val reply = client.send(request.build(), HttpResponse.BodyHandlers.ofString())
        for (cookie in reply.headers().allValues("Set-Cookie")) {
            val (name, value) = cookie.substringBefore(";").split("=", limit = 2)
            if ("Max-Age=0" in cookie) cookies.remove(name) else cookies[name] = value
        }
        val location = reply.headers().firstValue("Location").orElse(null) ?: return Answer(reply.body(), null)
        val inside = location.startsWith("/") || location.startsWith("$server/")
        return if (inside) send(location, null) else Answer("", location)
    }

    private fun fill(page: Answer, path: String, vararg typed: Pair<String, String>): Answer {
        val form = Regex("<form[^>]*action=\"(${Regex.escape(path)}[^\"]*)\".*?</form>", RegexOption.DOT_MATCHES_ALL).find(page.text)
            ?: error("no form to $path in: ${page.text}")
        val hidden = Regex("type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"").findAll(form.value)
            .associate { it.groupValues[1] to it.groupValues[2] }
        return send(form.groupValues[1].replace("&#38;", "&").replace("&amp;", "&"), hidden + typed)
    }

    /** Creates an account with the code that comes by mail; ends signed in. */
    fun register(email: String, password: String) {
        val asked = fill(send("/register", null), "/register", "email" to email)
        check("Type the code" in asked.text) { asked.text }
        val known = fill(asked, "/register/code", "code" to code(email))
        val done = fill(known, "/register/password", "password" to password, "adult" to "yes")
        check("You are signed in" in done.text) { done.text }
    }

    /** Opens an app's address, presses Continue, and returns the address that leads back to the app. */
    fun authorize(url: String): String {
        val page = send(url, null)
        check("Continue only if you opened this page" in page.text) { page.text }
        return checkNotNull(fill(page, "/confirm", "choice" to "continue").outside)
    }

    private fun code(email: String): String {
        repeat(400) {
            Files.list(mail).use { files ->
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
