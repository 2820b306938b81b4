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

private const val REAL = "Rowan CANARY-Ellery"

class PortfolioTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)
    private val folder = Files.createTempDirectory("kinfolio-portfolio").toFile()

    @AfterTest
    fun close() {
        phone.close()
        folder.deleteRecursively()
    }

    private fun open(to: (String) -> File? = { File(folder, it) }) {
        phone.fill()
        runBlocking {
            val hedgehog = phone.core.learners.list().done().first { it.nickname == "Hedgehog" }.id
            phone.core.entries.create(TODAY, "A walk\nWe saw a hedgehog in the hedge, and Hedgehog told Priya Shah of it.", setOf(hedgehog), onRecord = true).done()
        }
        phone.outside = Outside(saves = FileSaves(to))
        val device = phone.device()
        screen.setContent { App(device) { it.go(Place.Documents) } }
        hand.press("Portfolio")
        hand.press("Names and file")
        hand.waitFor("Choose who it is for")
        hand.press("Hedgehog")
        hand.waitFor("4 entries, 0 photos")
    }

    private fun words(pdf: File): String {
        val read = ProcessBuilder("pdftotext", "-layout", pdf.path, "-").redirectErrorStream(true).start()
        return read.inputStream.bufferedReader().readText().also { assertEquals(0, read.waitFor()) }.replace(Regex("\\s+"), " ")
    }

    @Test
    fun aPortfolioIsMadeUnderTheRealNameAndEveryWordThatMayBeOneIsTicked() {
        open()
        hand.press("Names and file")
        hand.waitFor("2 places to check")
        hand.waitFor("Priya Shah")
        hand.press("Make PDF")
        hand.waitFor("Type the name, or choose Nickname")
        hand.type("Whole name", REAL)
        hand.press("Once: ")
        hand.press("Make PDF")
        hand.waitFor("Made: portfolio-${TODAY.year}.pdf")
        val text = words(File(folder, "portfolio-${TODAY.year}.pdf"))
        assertTrue("a hedgehog in the hedge, and $REAL told P. S. of it" in text, text)
        assertFalse("Hedgehog" in text || "Priya" in text, text)
        // The animal, too, where a parent says so; and back.
        hand.press("We saw a hedgehog")
        hand.press("Make PDF")
        screen.waitUntil(30_000) { "a $REAL in the hedge" in words(File(folder, "portfolio-${TODAY.year}.pdf")) }
        assertTrue(phone.files().none { "CANARY" in it.readBytes().toString(Charsets.ISO_8859_1) })
    }

    @Test
    fun aPhotoBookHasSquarePagesAndOthersAreOfThePaperThatWasChosen() {
        open()
        hand.waitFor("Entries of each subject, at most")
        for ((paper, size) in listOf("Photo book" to "(\\d+\\.\\d+) x \\1 pts", "Letter" to "612 x 792 pts")) {
            hand.press(paper)
            hand.waitFor("4 entries, 0 photos")
            hand.press("Names and file")
            hand.press("Nickname")
            hand.press("Make PDF")
            hand.waitFor("Made: portfolio-${TODAY.year}.pdf")
            val told = ProcessBuilder("pdfinfo", File(folder, "portfolio-${TODAY.year}.pdf").path).start().inputStream.bufferedReader().readText()
            assertTrue(Regex("Page size: +$size").containsMatchIn(told), told)
            hand.press("Back")
        }
    }

    @Test
    fun aFolderInOneFileHasThePageAndItsTables() {
        open()
        hand.press("ZIP")
        hand.waitFor("4 entries, 0 photos")
        hand.press("Names and file")
        hand.press("Nickname")
        hand.press("Make ZIP")
        hand.waitFor("Made: portfolio-${TODAY.year}.zip")
        ZipFile(File(folder, "portfolio-${TODAY.year}.zip")).use { zip ->
            val names = zip.entries().asSequence().map { it.name }.toList()
            assertEquals(listOf("index.html", "entries.csv", "portfolio.json"), names)
        }
    }

    @Test
    fun aSealedPageTellsItsSixWordsOnceAndHoldsNothingToRead() {
        open()
        hand.press("Web page")
        hand.press("Names and file")
        hand.press("Nickname")
        hand.press("Lock it with six words")
        hand.press("Make Web page")
        hand.waitFor("The six words")
        hand.waitFor("Made: portfolio-${TODAY.year}.html")
        val file = File(folder, "portfolio-${TODAY.year}.html").readText()
        assertFalse("Hedgehog" in file || "Volcano" in file)
        hand.press("Back")
        hand.press("Names and file")
        hand.waitFor("places to check")
        assertFalse(hand.isThere("The six words"))
    }

    @Test
    fun daysWithNothingInThemAreSaidAndAPlaceThatCannotBeWrittenLeavesNothing() {
        open { File(folder, "no/such/folder/$it") }
        hand.press("Starred entries only")
        hand.waitFor("Nothing was written in these days.")
        hand.press("Names and file")
        hand.waitFor("Nothing was written in these days.")
        hand.press("Starred entries only")
        hand.waitFor("4 entries")
        hand.press("Names and file")
        hand.waitFor("2 places to check")
        hand.press("Nickname")
        hand.press("Make PDF")
        hand.waitFor("The PDF was not made.")
        assertEquals(0, folder.walk().count { it.isFile })
    }
}
