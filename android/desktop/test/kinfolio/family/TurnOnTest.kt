package kinfolio.family

import androidx.compose.ui.test.junit4.createComposeRule
import kinfolio.Hand
import kinfolio.TestPhone
import kinfolio.bridge.Paper
import kinfolio.done
import kinfolio.server.Person
import kinfolio.server.TestServer
import kinfolio.server.enrol
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.family.safety.SafetyPage
import kinfolio.ui.family.signin.RecoveryPage
import kinfolio.ui.family.signin.TurnOnPage
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.Rule

/** Turning sync on, with a real server. */
class TurnOnTest {
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
    fun fromAPhoneOfItsOwnToAStoredRecordWithAPaper() {
        phone.fill()
        phone.outside = Outside(Person(server, "ann@example.org").register().browser())
        val device = phone.device()
        screen.setContent { App(device) }
        hand.press("Only on this phone")
        hand.waitFor("Everything is only on this phone.")
        hand.waitFor("4 entries")
        hand.press("Keep a copy on a server")
        hand.press("Sign in with the browser")
        hand.waitFor("Type the address of your server first")
        hand.press("Store the record")
        hand.waitFor("Sign in first")
        hand.type("Server address", server.url)
        hand.press("Sign in with the browser")
        hand.waitFor("Signed in as ann@example.org")
        makePaper()
        hand.press("Store the record")
        hand.waitFor("The server keeps a copy now")
        hand.press("Back")
        hand.waitFor("Everything is stored.")
        hand.waitFor("Words checked Fri 17 Apr 2026")
        assertEquals(4, runBlocking { phone.core.safety.whereAll().done() }.stored)
        hand.press("Back")
        hand.waitFor("All stored at")
    }

    /** Shows the words, types one of those asked for wrong, and then as they stand on the paper. */
    private fun makePaper() {
        hand.press("Make the paper")
        hand.press("Show the twelve words")
        hand.waitFor("I wrote them down")
        val shown = Hand.texts(screen)
        val words = (1..12).map { number -> shown[shown.indexOf("$number") + 1] }
        assertTrue(words.all { word -> word.matches(Regex("[a-z]{3,8}")) }, "$words")
        hand.press("I wrote them down")
        hand.waitFor("Type these words from your paper.")
        val asked = (1..12).filter { hand.isThere("Word $it") && Hand.texts(screen).contains("Word $it") }
        assertEquals(3, asked.size)
        hand.type("Word ${asked[0]}", "hedgehogs")
        for (number in asked.drop(1)) hand.type("Word $number", " ${words[number - 1].uppercase()} ")
        hand.press("Check")
        hand.waitFor("This is not word ${asked[0]}.")
        assertEquals(Paper.Unchecked, runBlocking { phone.core.recovery.paper().done() })
        hand.type("Word ${asked[0]}", words[asked[0] - 1])
        hand.press("Check")
        hand.waitFor("The words are checked.")
        hand.press("Done")
    }

    @Test
    fun twoStepsOfSigningInLeadBackToTheApp() {
        phone.fill()
        val ann = Person(server, "ann@example.org").register().useTwoSteps()
        phone.outside = Outside(ann.browser(), server = server.url)
        val device = phone.device()
        screen.setContent { App(device) { it.open(TurnOnPage) } }
        hand.press("Sign in with the browser")
        hand.waitFor("Signed in as ann@example.org")
        assertEquals(listOf("password", "code", "continue"), ann.asked)
    }

    @Test
    fun anAddressWhereNobodyAnswersSaysSoAndIsThereAgain() {
        phone.fill()
        phone.outside = Outside(Person(server, "ann@example.org").browser())
        val device = phone.device()
        screen.setContent { App(device) { it.open(TurnOnPage) } }
        hand.type("Server address", "http://127.0.0.1:9")
        hand.press("Sign in with the browser")
        hand.waitFor("No answer from the server. Nothing is lost")
        hand.press("Back")
        hand.press("Only on this phone")
        hand.press("Keep a copy on a server")
        hand.waitFor("http://127.0.0.1:9")
    }

    @Test
    fun wordsThatWereShownBeforeAreTypedInFull() {
        phone.fill()
        val words = runBlocking { phone.core.recovery.make().done() }
        val device = phone.device()
        screen.setContent { App(device) { it.open(RecoveryPage) } }
        hand.press("Type the twelve words")
        hand.type("All twelve words, in their order", "hedgehogs ".repeat(12))
        hand.press("Check")
        hand.waitFor("These are not twelve recovery words")
        hand.type("All twelve words, in their order", words.reversed().joinToString(" "))
        hand.press("Check")
        screen.waitUntil(20_000) { hand.isThere("These are not") }
        assertEquals(Paper.Unchecked, runBlocking { phone.core.recovery.paper().done() })
        hand.type("All twelve words, in their order", words.joinToString("  ").uppercase())
        hand.press("Check")
        hand.waitFor("The words are checked.")
    }

    @Test
    fun aServerThatIsGoneSaysSoAndNothingIsLost() {
        phone.fill()
        phone.enrol(server, Person(server, "ann@example.org").register())
        val device = phone.device()
        screen.setContent { App(device) { it.open(SafetyPage) } }
        hand.waitFor("Everything is stored.")
        server.stop()
        runBlocking {
            val learner = phone.core.learners.list().done().first()
            phone.core.entries.create(kinfolio.TODAY, "Written with no signal", setOf(learner.id), onRecord = true).done()
        }
        hand.waitFor("One entry is waiting. Everything else is stored.")
        hand.press("Sync now")
        hand.waitFor("No answer from the server. Nothing is lost")
        assertFalse(hand.isThere("Everything is stored."))
        val where = runBlocking { phone.core.safety.whereAll().done() }
        assertEquals(listOf("Written with no signal"), where.waiting.map { it.title })
        assertEquals(where.entries, where.stored + where.waiting.size)
        server.startAgain()
        hand.press("Sync now")
        hand.waitFor("Everything is stored.")
        assertContains(Hand.texts(screen), "5 entries")
    }
}
