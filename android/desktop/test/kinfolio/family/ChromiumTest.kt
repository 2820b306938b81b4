package kinfolio.family

import androidx.compose.ui.test.junit4.createComposeRule
import java.util.concurrent.CompletableFuture
import java.util.concurrent.TimeUnit
import kinfolio.Hand
import kinfolio.TestPhone
import kinfolio.desktop.LoopbackBrowser
import kinfolio.server.Chromium
import kinfolio.server.PASSWORD
import kinfolio.server.Person
import kinfolio.server.TestServer
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.family.signin.TurnOnPage
import kotlin.test.AfterTest
import kotlin.test.Test
import org.junit.Rule

/** The way through a real browser and back: its policies let the page lead to this machine. */
class ChromiumTest {
    @get:Rule
    val screen = createComposeRule()
    private val hand = Hand(screen)
    private val server = TestServer()
    private val phone = TestPhone()

    @AfterTest
    fun close() {
        phone.close()
        server.close()
    }

    @Test
    fun aSignInInChromiumLeadsBackToTheApp() {
        phone.fill()
        Person(server, "ann@example.org").register()
        val opened = CompletableFuture<String>()
        phone.outside = Outside(LoopbackBrowser("You can close this page.") { opened.complete(it.toString()) }, server = server.url)
        val device = phone.device()
        screen.setContent { App(device) { it.open(TurnOnPage) } }
        hand.press("Sign in with the browser")
        hand.waitFor("Sign in on the page that opened in your browser")
        Chromium().use { chromium ->
            chromium.open(opened.get(30, TimeUnit.SECONDS))
            chromium.waitFor("Password")
            chromium.type("email", "ann@example.org")
            chromium.type("password", PASSWORD)
            chromium.press("Sign in")
            chromium.waitFor("Continue only if you opened this page")
            chromium.press("Continue")
            chromium.waitFor("You can close this page.")
        }
        hand.waitFor("Signed in as ann@example.org")
    }
}
