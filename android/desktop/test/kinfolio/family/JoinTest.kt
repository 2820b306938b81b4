package kinfolio.family

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.toAwtImage
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.test.captureToImage
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.junit4.createComposeRule
import java.io.File
import java.nio.file.Files
import javax.imageio.ImageIO
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Entry
import kinfolio.bridge.Wanted
import kinfolio.desktop.PictureScanner
import kinfolio.done
import kinfolio.server.Person
import kinfolio.server.TestServer
import kinfolio.server.enrol
import kinfolio.ui.App
import kinfolio.ui.Device
import kinfolio.ui.Outside
import kinfolio.ui.family.phones.AddPhonePage
import kinfolio.ui.family.phones.JoinPage
import kinfolio.ui.family.safety.SafetyPage
import kinfolio.ui.stage.Way
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlinx.coroutines.runBlocking
import org.junit.Rule

/** Two phones side by side in one window, with a real server between them. */
class JoinTest {
    @get:Rule
    val screen = createComposeRule()
    private val server = TestServer()
    private val anns = TestPhone("Ann’s phone")
    private val bobs = TestPhone("Bob’s phone")
    private val left = Hand(screen, hasTestTag("ann"))
    private val right = Hand(screen, hasTestTag("bob"))
    private var photo: File? = null
    private var annsDevice by mutableStateOf<Pair<Device, (Way) -> Unit>?>(null)
    private var bobsDevice by mutableStateOf<Pair<Device, (Way) -> Unit>?>(null)

    @AfterTest
    fun close() {
        anns.close()
        bobs.close()
        server.close()
    }

    private fun sideBySide() = screen.setContent {
        Row(Modifier.fillMaxSize()) {
            for ((name, shown) in listOf("ann" to annsDevice, "bob" to bobsDevice)) {
                Box(Modifier.weight(1f).testTag(name)) { shown?.let { (device, start) -> key(device) { App(device, start) } } }
            }
        }
    }

    /** A picture of the square that is on Ann's screen, as a photograph of it would be. */
    private fun photograph() = Files.createTempFile("square", ".png").toFile().also {
        val square = screen.onNode(hasContentDescription("Invite square") and hasAnyAncestor(hasTestTag("ann"))).captureToImage()
        ImageIO.write(square.toAwtImage(), "png", it)
        it.deleteOnExit()
    }

    private fun entries(phone: TestPhone): List<Entry> = runBlocking { phone.core.entries.timeline(Wanted(), null, 50).done().entries }

    private fun join() {
        anns.fill()
        anns.enrol(server, Person(server, "ann@example.org").register())
        runBlocking {
            val hedgehog = bobs.core.learners.add("hedgehog", "🦔", "#8a4b9c").done()
            val badger = bobs.core.learners.add("Badger", "🦡", "#2f5fa8").done()
            bobs.core.entries.create(TODAY, "Whittling a spoon", setOf(hedgehog.id, badger.id), onRecord = true).done()
        }
        bobs.outside = Outside(Person(server, "bob@example.org").register().browser(), PictureScanner { photo })
        annsDevice = anns.device() to { it.open(AddPhonePage) }
        bobsDevice = bobs.device() to { it.open(JoinPage) }
        sideBySide()
        left.waitFor("Works once, until")
        screen.waitForIdle()
        photo = photograph()
        right.press("Choose a picture of the square")
        right.press("Sign in with the browser")
        right.waitFor("Now say yes on the other phone")
        left.waitFor("Add “Bob’s phone”?")
        left.waitFor("bob@example.org")
        left.press("Add this phone")
        left.waitFor("Type what you call them first")
        left.type("What do you call them?", "Bob")
        left.press("Add this phone")
        left.waitFor("“Bob’s phone” is added")
    }

    @Test
    fun twoPhonesJoinedByASquareKeepWhatBothWroteWithNoSignal() {
        join()
        right.waitFor("“Ann’s phone” added this phone.")
        right.waitFor("Learners there: Hedgehog, Otter")
        right.press("Join this family")
        right.waitFor("Choose for each learner of this phone first")
        // Who has the same nickname was chosen already; Badger comes along.
        right.pressLast("Add to the family")
        right.press("Join this family")
        right.waitFor("This phone is in the family")
        right.press("Open the timeline")
        right.waitFor("Volcano with vinegar")
        left.press("Done")
        syncUntil { entries(anns).any { it.title == "Whittling a spoon" } && entries(bobs).size == 5 }
        assertEquals(listOf("Badger", "Hedgehog", "Otter"), runBlocking { anns.core.learners.list().done() }.map { it.nickname }.sorted())

        server.stop()
        val shared = entries(anns).first { it.title == "Volcano with vinegar" }
        val learners = shared.lines.mapTo(HashSet()) { it.learner }
        runBlocking {
            anns.core.entries.write(shared.id, shared.day, "Volcano, as Ann tells it\n${shared.note}", learners, onRecord = true).done()
            bobs.core.entries.write(shared.id, shared.day, "${shared.title}\n${shared.note} Bob wiped the tray.", learners, onRecord = true).done()
            anns.core.entries.create(TODAY, "Ann, no signal", learners, onRecord = true).done()
            bobs.core.entries.create(TODAY, "Bob, no signal", learners, onRecord = true).done()
        }
        server.startAgain()
        annsDevice = anns.device() to { it.open(SafetyPage) }
        bobsDevice = bobs.device() to { it.open(SafetyPage) }
        for (hand in listOf(left, right)) hand.press("Sync now")
        syncUntil { entries(anns).size == 7 && entries(bobs).size == 7 && text(anns, shared.id) == text(bobs, shared.id) }
        for (hand in listOf(left, right)) hand.waitFor("Everything is stored.")
        assertEquals("Volcano, as Ann tells it" to "${shared.note} Bob wiped the tray.", text(anns, shared.id))
    }

    @Test
    fun joiningGoesOnAfterTheAppWasEnded() {
        join()
        right.waitFor("Join this family")
        // The process is ended before anything was taken over; the page finds its way back by itself.
        bobsDevice = bobs.device(core = bobs.open()) to { it.open(JoinPage) }
        right.waitFor("“Ann’s phone” added this phone.")
        assertEquals(1, entries(bobs).size)
        right.press("Leave on this phone only")
        right.pressLast("Leave on this phone only")
        right.press("Join this family")
        right.waitFor("This phone is in the family")
        // What was left here is told as what it is.
        bobsDevice = checkNotNull(bobsDevice).first.let { device -> bobs.device(core = device.core) to { it.open(SafetyPage) } }
        right.waitFor("One entry is only on this phone. Everything else is stored.")
    }

    private fun text(phone: TestPhone, entry: String) = entries(phone).first { it.id == entry }.let { it.title to it.note }

    /** Each phone looks now and then: here more often than by itself. */
    private fun syncUntil(what: () -> Boolean) = screen.waitUntil(60_000) {
        runBlocking { for (phone in listOf(anns, bobs)) phone.core.safety.sync {}.done() }
        what()
    }
}
