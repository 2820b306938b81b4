package kinfolio.family

import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import java.util.concurrent.CopyOnWriteArrayList
import kinfolio.Hand
import kinfolio.TestPhone
import kinfolio.bridge.SignInState
import kinfolio.done
import kinfolio.server.Person
import kinfolio.server.TestServer
import kinfolio.server.enrol
import kinfolio.server.signIn
import kinfolio.ui.App
import kinfolio.ui.Browser
import kinfolio.ui.Outside
import kinfolio.ui.family.account.AccountPage
import kinfolio.ui.family.phones.PhonesPage
import kinfolio.ui.family.safety.SafetyPage
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.runBlocking
import org.junit.Rule

/** The account on a real server, and this phone without it. */
class AccountTest {
    @get:Rule
    val screen = createComposeRule()
    private val hand = Hand(screen)
    private val sheet = Hand(screen, isDialog())
    private val server = TestServer()
    private val ann = Person(server, "ann@example.org")
    private val phone = TestPhone("Ann’s phone")

    @AfterTest
    fun close() {
        phone.close()
        server.close()
    }

    @Test
    fun anAccountIsDeletedAndKeptAndTheRecordStays() {
        phone.fill()
        phone.enrol(server, ann.register())
        val device = phone.device()
        screen.setContent { App(device) { it.open(AccountPage) } }
        hand.waitFor("Signed in as ann@example.org")
        hand.waitFor("Ann’s phone")
        hand.press("Delete the account")
        hand.waitFor("What is on your phones stays there.")
        sheet.press("Delete the account")
        hand.waitFor("The account is deleted on")
        hand.press("Keep the account")
        screen.waitUntil(20_000) { !hand.isThere("The account is deleted on") }
        assertEquals(null, runBlocking { phone.core.account.deletionMs().done() })
        assertEquals(4, runBlocking { phone.core.safety.whereAll().done() }.entries)
    }

    @Test
    fun anotherSignInIsEnded() {
        phone.fill()
        phone.enrol(server, ann.register())
        TestPhone("Old tablet").use { other ->
            other.signIn(server, ann)
            val device = phone.device()
            screen.setContent { App(device) { it.open(AccountPage) } }
            hand.waitFor("Last used")
            assertEquals(2, runBlocking { phone.core.account.places().done() }.size)
            hand.press("Linux")
            sheet.press("End it")
            screen.waitUntil(20_000) { runBlocking { phone.core.account.places().done() }.size == 1 }
        }
    }

    @Test
    fun aPhoneThatIsSignedOutSaysSoKeepsAllAndSignsInAgain() {
        phone.fill()
        phone.enrol(server, ann.register())
        val device = phone.device()
        screen.setContent { App(device) { it.open(AccountPage) } }
        hand.press("Sign out")
        hand.waitFor("All of the record stays on it.")
        sheet.press("Sign out")
        hand.waitFor("This phone is not signed in anywhere.")
        assertEquals(SignInState.Never, runBlocking { phone.core.account.state().done() })
        runBlocking {
            val learner = phone.core.learners.list().done().first()
            phone.core.entries.create(kinfolio.TODAY, "Written while signed out", setOf(learner.id), onRecord = true).done()
        }
        hand.press("Sign in again")
        hand.waitFor("Signed in as ann@example.org")
        screen.waitUntil(30_000) { runBlocking { phone.core.safety.whereAll().done() }.waiting.isEmpty() }
    }

    @Test
    fun theServersCopyIsToBeErasedAndThatIsCalledOffOnTheSafetyPage() {
        phone.fill()
        phone.enrol(server, ann.register())
        val device = phone.device()
        screen.setContent {
            App(device) {
                it.open(SafetyPage)
                it.open(AccountPage)
            }
        }
        hand.press("Erase the server’s copy")
        hand.waitFor("It goes for good two weeks from now.")
        sheet.press("Erase the server’s copy")
        screen.waitUntil(20_000) { runBlocking { phone.core.safety.sync {}.done(); phone.core.recovery.told().done() }.erasureMs != null }
        hand.press("Back")
        hand.waitFor("The server’s copy is erased on")
        hand.waitFor("“Ann’s phone” ordered it.")
        hand.press("Call it off")
        screen.waitUntil(20_000) { !hand.isThere("The server’s copy is erased on") }
        runBlocking { phone.core.safety.sync {}.done() }
        assertEquals(null, runBlocking { phone.core.recovery.told().done() }.erasureMs)
    }

    @Test
    fun thisPhoneIsCalledByAnotherName() {
        phone.fill()
        phone.enrol(server, ann.register())
        val device = phone.device()
        screen.setContent { App(device) { it.open(PhonesPage) } }
        hand.press("Ann’s phone")
        sheet.type("Name of this phone", " ")
        sheet.press("Save")
        hand.waitFor("Type a name first")
        sheet.type("Name of this phone", "Kitchen tablet")
        sheet.press("Save")
        screen.waitUntil(20_000) { runBlocking { phone.core.phones.list().done() }.single().name == "Kitchen tablet" }
        hand.waitFor("Kitchen tablet")
        hand.press("Let a sign-in through")
        sheet.type("Ten digits from the page", "1234567890")
        sheet.press("Let it through")
        hand.waitFor("No sign-in of this account waits with these digits")
    }

    @Test
    fun twoStepSignInIsOnThePagesOfTheServer() {
        phone.fill()
        phone.enrol(server, ann.register())
        val opened = CopyOnWriteArrayList<String>()
        val browser = object : Browser by phone.outside.browser {
            override suspend fun open(url: String) = opened.add(url)
        }
        val device = phone.device(outside = Outside(browser))
        screen.setContent { App(device) { it.open(AccountPage) } }
        hand.press("Password and two-step sign-in")
        screen.waitUntil(10_000) { opened.isNotEmpty() }
        assertEquals(listOf("${server.url}/account"), opened.toList())
    }
}
