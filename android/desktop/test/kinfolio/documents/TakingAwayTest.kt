package kinfolio.documents

import androidx.compose.ui.test.junit4.createComposeRule
import java.io.File
import java.nio.file.Files
import java.util.zip.ZipFile
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.desktop.FileSaves
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.stage.Place
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.Rule

class TakingAwayTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)
    private val folder = Files.createTempDirectory("kinfolio-away").toFile()

    @AfterTest
    fun close() {
        phone.close()
        folder.deleteRecursively()
    }

    private fun open(row: String) {
        phone.fill()
        runBlocking {
            val hedgehog = phone.core.learners.list().done().first { it.nickname == "Hedgehog" }.id
            val open = phone.core.editing.open(phone.core.entries.create(TODAY, "A walk", setOf(hedgehog), onRecord = true).done().id).done()
            phone.core.editing.save(open, open.written.copy(minutes = 45)).done()
        }
        phone.outside = Outside(saves = FileSaves { File(folder, it) })
        val device = phone.device()
        screen.setContent { App(device) { it.go(Place.Documents) } }
        hand.press(row)
    }

    private fun made(name: String): File {
        hand.waitFor("Made: $name")
        return File(folder, name)
    }

    @Test
    fun theWholeRecordLeavesInOneFileThatAnyBrowserReads() {
        open("The whole record")
        hand.waitFor("5 entries, 0 photos")
        hand.press("Make ZIP")
        hand.waitFor("Made: kinfolio-")
        ZipFile(folder.listFiles().orEmpty().single()).use { zip ->
            val page = zip.getInputStream(zip.getEntry("index.html")).readBytes().decodeToString()
            assertTrue("Volcano with vinegar" in page && "record.json" in zip.entries().asSequence().map { it.name })
        }
    }

    @Test
    fun hoursAndReadingAreTablesUnderTheNameThatWasTyped() {
        open("Hours and reading")
        hand.waitFor("First day")
        hand.press("Make CSV")
        hand.waitFor("Choose who it is for")
        hand.press("Hedgehog")
        hand.press("Make CSV")
        hand.waitFor("Type the name, or choose Nickname")
        hand.type("Whole name", "Rowan Ellery")
        hand.press("Make CSV")
        val hours = made("hours-${TODAY.year}.csv").readText()
        assertTrue("Rowan Ellery" in hours && "Hedgehog" !in hours, hours)
        hand.press("Reading")
        hand.press("Make CSV")
        assertTrue("author" in made("reading-${TODAY.year}.csv").readText())
    }

    @Test
    fun aWeekSheetIsAPageToWriteOn() {
        open("Week sheet")
        hand.press("Otter")
        hand.press("Make PDF")
        val sheet = made("week-$TODAY.pdf")
        assertEquals("%PDF", sheet.readText(Charsets.ISO_8859_1).take(4))
        assertFalse(File(folder, "week-$TODAY.pdf.unfinished").exists())
    }
}
