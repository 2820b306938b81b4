package kinfolio.reports

import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import java.io.File
import java.nio.file.Files
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Form
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Period
import kinfolio.bridge.Sample
import kinfolio.bridge.Slot
import kinfolio.desktop.FileSaves
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.reports.PrintPage
import kinfolio.ui.reports.ReportPage
import kinfolio.ui.reports.SectionPage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Place
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.Rule

private const val REAL = "Rowan James CANARY-Ellery"

class ReportTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)
    private val sheet = Hand(screen, isDialog())
    private val folder = Files.createTempDirectory("kinfolio-documents").toFile()

    @AfterTest
    fun close() {
        phone.close()
        folder.deleteRecursively()
    }

    private fun open(vararg pages: Page, to: (String) -> File? = { File(folder, it) }) {
        phone.outside = Outside(saves = FileSaves(to))
        val device = phone.device()
        screen.setContent {
            App(device) { way ->
                way.go(Place.Documents)
                pages.forEach(way::open)
            }
        }
    }

    private fun hedgehog() = runBlocking { phone.core.learners.list().done() }.first { it.nickname == "Hedgehog" }.id

    private fun begun() = runBlocking { phone.core.reports.begin(Form.England, hedgehog(), Period(TODAY.minusDays(200), TODAY)).done() }

    private fun section(report: String, heading: String) =
        runBlocking { phone.core.reports.open(report).done() }.report.sections.single { it.heading.startsWith(heading) }

    private fun words(pdf: File): String {
        val read = ProcessBuilder("pdftotext", "-layout", pdf.path, "-").redirectErrorStream(true).start()
        return read.inputStream.bufferedReader().readText().also { assertEquals(0, read.waitFor()) }
    }

    @Test
    fun aReportIsDraftedFromTheRecordAndMadeUnderTheRealNameWhichStaysInTheFileAlone() {
        phone.fill()
        open()
        hand.press("Reports")
        hand.press("New report")
        hand.press("Draft it")
        hand.waitFor("Choose who it is for")
        hand.press("Hedgehog")
        hand.press("Draft it")
        hand.waitFor("Sections")
        hand.waitFor("page")
        hand.press("Make document")
        hand.press("Make PDF")
        hand.waitFor("Type the name, or choose Nickname")
        hand.type("Whole name", REAL)
        hand.type("Their reference", "EHE 20417")
        hand.press("Make PDF")
        hand.waitFor("Made: report-${TODAY.year}.pdf")
        val text = words(File(folder, "report-${TODAY.year}.pdf"))
        assertTrue("CANARY-Ellery" in text && "EHE 20417" in text, text)
        assertFalse("Hedgehog" in text, text)
        // Nobody asked to remember it: a new start knows nothing of it, and no file of the record holds it.
        assertEquals(null, runBlocking { phone.open().printing.remembered(hedgehog()).done() })
        assertTrue(phone.files().none { "CANARY" in it.readBytes().toString(Charsets.ISO_8859_1) })
    }

    @Test
    fun whatIsWrittenIntoASectionStaysWhenItIsDraftedAgainAndANameIsAMention() {
        phone.fill()
        val report = begun()
        val about = section(report, "About")
        open(ReportPage(report), SectionPage(report, about.key))
        hand.type(about.heading, "@Hedgehog likes water.\nAlways did.")
        hand.press("Back")
        hand.waitFor("5 words")
        assertEquals("@Hedgehog likes water.\nAlways did.", section(report, "About").text)
        hand.press("More")
        sheet.press("Draft again")
        hand.waitFor("5 words")
        assertEquals("@Hedgehog likes water.\nAlways did.", section(report, "About").text)
        // The mention follows the learner, whatever they are called.
        runBlocking { phone.core.learners.change(hedgehog(), "Urchin", "🦔", "#8a4b9c").done() }
        assertEquals("@Urchin likes water.\nAlways did.", section(report, "About").text)
    }

    @Test
    fun inTheTablesOfAReportEveryWordThatMayBeANameIsTicked() {
        phone.fill()
        val report = runBlocking {
            phone.core.entries.create(TODAY, "We fed a hedgehog with Priya Shah", setOf(hedgehog()), onRecord = true).done()
            phone.core.reports.begin(Form.Missouri, hedgehog(), Period(TODAY.minusDays(200), TODAY)).done()
        }
        open(PrintPage(report))
        hand.type("Whole name", REAL)
        hand.press("We fed a")
        hand.press("Once: ")
        hand.press("Make PDF")
        hand.waitFor("Made: report-${TODAY.year}.pdf")
        val text = words(File(folder, "report-${TODAY.year}.pdf")).replace(Regex("\\s+"), " ")
        assertTrue("We fed a $REAL with P. S." in text, text)
        assertFalse("hedgehog" in text || "Priya" in text, text)
    }

    @Test
    fun photographsOfSamplesAreInAReportWhenSomebodyAsksForThem() {
        phone.fill()
        val report = begun()
        open(PrintPage(report))
        hand.type("Whole name", REAL)
        hand.press("Samples with their photos")
        hand.waitFor("mark entries with photographs as samples")
        runBlocking {
            val entry = phone.core.entries.create(TODAY, "A cup", setOf(hedgehog()), onRecord = true).done().id
            val cup = File(checkNotNull(System.getProperty("kinfolio.root")), "tests/fixtures/photos/cup.jpg")
            phone.core.attached.add(entry, cup.path, "cup.jpg") {}.done()
            val opened = phone.core.editing.open(entry).done()
            phone.core.editing.save(opened, opened.written.copy(sample = Sample(isOne = true, shows = "Hedgehog paints handles"))).done()
        }
        hand.press("Make PDF")
        hand.waitFor("Made: report-${TODAY.year}.pdf")
        val pdf = File(folder, "report-${TODAY.year}.pdf")
        assertTrue("$REAL paints handles" in words(pdf).replace(Regex("\\s+"), " "))
        val listed = ProcessBuilder("pdfimages", "-list", pdf.path).redirectErrorStream(true).start()
        assertEquals(3, listed.inputStream.bufferedReader().readLines().size, "two lines of head, and the photo")
    }

    @Test
    fun aNeedsNoteStandsInAReportOnlyWhereSomebodyTickedItAndCanBeChangedThere() {
        phone.fill()
        runBlocking {
            phone.core.shelves.unlock().done()
            val hearing = mapOf(Slot.Title to "Hearing", Slot.First to "2026-03-02", Slot.Note to "Sits in front.")
            val reading = mapOf(Slot.Title to "Reading test", Slot.First to "2026-03-09", Slot.Result to "108")
            phone.core.shelves[Kind.Needs].add(Item(hearing, listOf(hedgehog()))).done()
            phone.core.shelves[Kind.Assessments].add(Item(reading, listOf(hedgehog()))).done()
            phone.core.shelves.lock()
        }
        val report = begun()
        val section = section(report, "Progress")
        open(ReportPage(report), SectionPage(report, section.key))
        hand.type(section.heading, "Well on the way.")
        hand.press("Take in a needs note or result")
        hand.press("Show them")
        hand.waitFor("Hearing, Mon 2 Mar 2026: Sits in front.")
        hand.press("Take in what is ticked")
        hand.waitFor("Tick what is to be taken in")
        hand.press("Reading test, Mon 9 Mar 2026: 108")
        hand.press("Take in what is ticked")
        hand.waitFor("Well on the way.\nReading test, Mon 9 Mar 2026: 108")
        hand.type(section.heading, "Well on the way.\nReading test: 108")
        screen.waitUntil(20_000) { section(report, "Progress").text == "Well on the way.\nReading test: 108" }
        screen.waitUntil(20_000) { phone.core.shelves.find(Kind.Needs) == null }
        assertFalse("Hearing" in runBlocking { phone.core.reports.open(report).done() }.report.sections.joinToString { it.text })
    }

    @Test
    fun theRegisterIsAnsweredOnOnePageWithWhatTheRecordKnows() {
        phone.fill()
        runBlocking {
            val club = mapOf(Slot.Title to "Norbury pool", Slot.Form to "club", Slot.Minutes to "60", Slot.Place to "Mill Road")
            phone.core.shelves[Kind.Providers].add(Item(club)).done()
        }
        open()
        hand.press("Reports")
        hand.press("Answers for the register")
        hand.press("Hedgehog")
        hand.waitFor("Taught by others, in a week")
        hand.waitFor("Club or group, Mill Road, 1 h")
        hand.press("Make PDF")
        hand.waitFor("Type the name, or choose Nickname")
        hand.type("Whole name", REAL)
        hand.press("Make PDF")
        hand.waitFor("Made: register-${TODAY.year}.pdf")
        val text = words(File(folder, "register-${TODAY.year}.pdf")).replace(Regex("\\s+"), " ")
        for (one in listOf("Answers for the register: $REAL", "Norbury pool", "Club or group", "Mill Road", "Page 1 of 1")) assertTrue(one in text, text)
        assertFalse("Hedgehog" in text, text)
    }

    @Test
    fun theLogOfPennsylvaniaSaysWhenItWasWrittenDownWhenSomebodyTicksIt() {
        phone.fill()
        val report = runBlocking {
            val book = mapOf(Slot.Title to "Owl Babies", Slot.Form to "book", Slot.Finished to TODAY.toString())
            phone.core.shelves[Kind.Reading].add(Item(book)).done()
            phone.core.reports.begin(Form.Pennsylvania, hedgehog(), Period(TODAY.minusDays(200), TODAY)).done()
        }
        open(PrintPage(report))
        hand.type("Whole name", REAL)
        hand.press("When each book was written down")
        hand.press("Make PDF")
        hand.waitFor("Made: report-${TODAY.year}.pdf")
        val text = words(File(folder, "report-${TODAY.year}.pdf"))
        assertTrue("Written down" in text && "Owl Babies" in text, text)
    }

    @Test
    fun aVersionThatWasSentStaysAsItWas() {
        phone.fill()
        val report = begun()
        open(ReportPage(report))
        hand.waitFor("Sections")
        hand.press("More")
        sheet.press("Mark as sent")
        sheet.type("To whom", "the council")
        sheet.press("Keep this version")
        screen.waitUntil(20_000) { runBlocking { phone.core.reports.list().done() }.any { it.sentOn == TODAY } }
        hand.press("Back")
        hand.press("Reports")
        hand.press("Sent on Fri 17 Apr 2026 to the council")
        hand.waitFor("Sent on Fri 17 Apr 2026 to the council")
        hand.press("About")
        hand.waitFor("This version was sent and stays as it was.")
    }

    @Test
    fun aDocumentThatCannotBeWrittenSaysSoAndLeavesNothingBehind() {
        phone.fill()
        val report = begun()
        open(ReportPage(report), to = { File(folder, "no/such/folder/$it") })
        hand.press("Make document")
        hand.press("Nickname")
        hand.press("Make PDF")
        hand.waitFor("The PDF was not made.")
        assertEquals(0, folder.listFiles().orEmpty().size)
        assertEquals(0, File(folder, "no").walk().count { it.isFile })
    }
}
