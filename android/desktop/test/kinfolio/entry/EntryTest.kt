package kinfolio.entry

import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.junit4.createComposeRule
import java.awt.image.BufferedImage
import java.io.File
import java.nio.file.Files
import javax.imageio.ImageIO
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Wanted
import kinfolio.desktop.FilePhotos
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.entry.DraftsPage
import kinfolio.ui.entry.EntryPage
import kinfolio.ui.stage.Page
import kinfolio.ui.trash.TrashPage
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class EntryTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)
    private val folder = Files.createTempDirectory("kinfolio-photos").toFile()

    @AfterTest
    fun close() {
        phone.close()
        folder.deleteRecursively()
    }

    private fun entry(title: String) =
        runBlocking { phone.core.entries.timeline(Wanted(), null, 50).done().entries.single { it.title == title }.id }

    private fun written(id: String, core: kinfolio.bridge.Core = phone.core) = runBlocking { core.editing.open(id).done().written }
    private fun files(id: String) = runBlocking { phone.core.attached.of(id).done() }

    private fun open(page: Page) {
        val device = phone.device()
        screen.setContent { App(device) { it.open(page) } }
    }

    @Test
    fun everyLetterTypedStandsInTheEditorAgainAfterTheAppWasEnded() {
        phone.fill()
        val id = entry("Swimming")
        var device by mutableStateOf(phone.device())
        screen.setContent { key(device) { App(device) { it.open(EntryPage(id)) } } }
        hand.type("Title", "Swimming and diving")
        hand.type("What happened?", "Three lengths, and one under wat")
        screen.waitUntil(20_000) { written(id).note.endsWith("under wat") }
        val again = phone.open()
        assertEquals("Swimming and diving", written(id, again).title)
        device = phone.device(core = again)
        hand.waitFor("Swimming and diving")
        hand.waitFor("Three lengths, and one under wat")
    }

    @Test
    fun whatIsTypedJustBeforeThePageIsLeftIsKept() {
        phone.fill()
        val id = entry("Swimming")
        open(EntryPage(id))
        hand.type("Title", "Diving")
        hand.press("Back")
        hand.waitFor("Diving")
        assertEquals("Diving", written(id).title)
    }

    @Test
    fun eachLearnerHasALineOfTheirOwnBesideWhatIsForBoth() {
        phone.fill()
        val id = entry("Swimming")
        open(EntryPage(id))
        hand.press("Otter")
        hand.type("For both", "At the big pool")
        hand.type("🦔 Only on Hedgehog’s pages", "Two lengths")
        hand.type("🦦 Only on Otter’s pages", "Put her face in")
        screen.waitUntil(20_000) { written(id).lines.mapTo(HashSet()) { it.text } == setOf("Two lengths", "Put her face in") }
        assertEquals("At the big pool", written(id).note)
        val learners = runBlocking { phone.core.learners.list().done() }
        val otters = runBlocking { phone.core.entries.timeline(Wanted(learners.single { it.nickname == "Otter" }.id), null, 50).done() }
        assertFalse("Two lengths" in otters.entries.toString(), "Otter's pages have no line of Hedgehog's")
    }

    @Test
    fun photosKeepTheirOrderWithCaptionsAndDescriptionsAndOneThatCannotBeReadIsNamed() {
        phone.fill()
        val id = entry("Swimming")
        val made = listOf("first.jpg", "second.jpg").map { name -> folder.resolve(name).also(::picture) }
        val broken = folder.resolve("broken.jpg").also { it.writeText("no picture") }
        phone.outside = Outside(photos = FilePhotos { listOf(made[0], broken, made[1]) })
        open(EntryPage(id))
        hand.press("Add photo or file")
        hand.waitFor("“broken.jpg” was not added.")
        screen.waitUntil(30_000) { files(id).size == 2 }
        val (first, second) = files(id).map { it.id }
        hand.waitFor("Photo 2 of 2, no description")
        hand.type("Caption 2", "The bed we built it on")
        screen.waitUntil(20_000) { files(id)[1].caption == "The bed we built it on" }
        hand.press("Move up: Photo 2 of 2")
        screen.waitUntil(20_000) { files(id).map { it.id } == listOf(second, first) }
        hand.waitFor("The bed we built it on")
        hand.press("Take out: Photo 2 of 2")
        hand.waitFor("Photo 2 of 2 was taken out")
        hand.press("Undo")
        hand.waitFor("Take out: Photo 2 of 2")
        assertEquals(2, files(id).size)
    }

    private fun picture(file: File) {
        ImageIO.write(BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB), "jpg", file)
    }

    @Test
    fun anEntryIsMovedToTheTrashAndUndone() {
        phone.fill()
        val id = entry("Swimming")
        open(EntryPage(id))
        hand.waitFor("Swimming")
        hand.press("More")
        hand.press("Move to Trash")
        hand.waitFor("Entry moved to Trash")
        screen.waitUntil(20_000) { runBlocking { phone.core.trash.list().done() }.size == 1 }
        hand.press("Undo")
        screen.waitUntil(20_000) { runBlocking { phone.core.trash.list().done() }.isEmpty() }
        hand.waitFor("Swimming")
    }

    @Test
    fun anEarlierVersionIsReadAndBroughtBack() {
        phone.fill()
        val id = entry("Swimming")
        runBlocking {
            val open = phone.core.editing.open(id).done()
            // What is written without a pause belongs together: a later hour makes a version.
            phone.aheadMs = 3_600_000
            phone.core.editing.save(open, open.written.copy(note = "Something else")).done()
        }
        open(EntryPage(id))
        hand.waitFor("Something else")
        hand.press("More")
        hand.press("Earlier versions")
        hand.waitFor("Two lengths without the float.")
        hand.press("Bring this version back")
        hand.waitFor("The earlier version is back")
        screen.waitUntil(20_000) { written(id).note == "Two lengths without the float." }
    }

    @Test
    fun whatLiesInTheTrashIsBroughtBackOrGoesForGoodOnceItsNumberIsConfirmed() {
        phone.fill()
        runBlocking { for (title in listOf("Swimming", "Volcano with vinegar")) phone.core.entries.trash(entry(title)).done() }
        open(TrashPage)
        hand.press("Swimming")
        hand.press("Bring back")
        screen.waitUntil(20_000) { runBlocking { phone.core.trash.list().done() }.size == 1 }
        hand.press("90 days")
        screen.waitUntil(20_000) { runBlocking { phone.core.trash.keepFor().done() }.name == "Days90" }
        hand.press("Volcano with vinegar")
        hand.press("Delete for good")
        hand.waitFor("Delete 1 thing for good?")
        hand.press("Delete 1 thing")
        hand.waitFor("Nothing is in the Trash.")
        assertEquals(0, runBlocking { phone.core.trash.list().done() }.size)
    }

    @Test
    fun aDraftIsGoneOnWithAndSavedOnceSomebodyIsChosen() {
        phone.fill()
        val id = runBlocking { phone.core.entries.create(TODAY, "Half a sentence", emptySet(), onRecord = false).done().id }
        open(DraftsPage)
        hand.press("Half a sentence")
        hand.press("Save")
        hand.waitFor("Choose who it is for")
        hand.press("Hedgehog")
        hand.press("Save")
        screen.waitUntil(20_000) { written(id).onRecord }
    }
}
