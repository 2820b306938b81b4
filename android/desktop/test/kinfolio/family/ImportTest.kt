package kinfolio.family

import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import java.io.File
import java.nio.file.Files
import kinfolio.Hand
import kinfolio.TestPhone
import kinfolio.bridge.Wanted
import kinfolio.desktop.FilePhotos
import kinfolio.ui.family.lock.kept.DeviceFile
import kinfolio.ui.family.lock.kept.FileSecrets
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.family.imports.CatchUpPage
import kinfolio.ui.family.imports.ImportPage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Place
import kotlin.test.AfterTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import java.util.concurrent.CountDownLatch
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.Rule

private const val DAY_MS = 24 * 60 * 60_000L

class ImportTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)
    private val sheet = Hand(screen, isDialog())
    private val folder = Files.createTempDirectory("kinfolio-import").toFile()
    @Volatile private var chosen: List<File> = emptyList()

    @AfterTest
    fun close() {
        phone.close()
        folder.deleteRecursively()
    }

    private fun open(page: Page) {
        phone.outside = Outside(photos = FilePhotos { chosen })
        val device = phone.device()
        screen.setContent {
            App(device) {
                it.go(Place.Family)
                it.open(page)
            }
        }
    }

    private fun entries() = runBlocking { phone.core.entries.timeline(Wanted(), null, 100).done().entries }

    /** A record's own ZIP, as the documents place writes it. */
    private fun exported(): File = TestPhone().use { other ->
        other.fill()
        val secrets = FileSecrets(other.secretsFolder, DeviceFile(other.secret))
        val store = object : uniffi.kinfolio.SecretStore {
            override fun load(name: String) = secrets.load(name)
            override fun save(name: String, secret: ByteArray) = secrets.save(name, secret)
        }
        folder.resolve("record.zip").also { file ->
            runBlocking {
                other.core.close()
                uniffi.kinfolio.Client.open(other.recordFolder.toString(), "Test", store).use { client -> client.export().use { it.writeRecord(file.path) } }
            }
        }
    }

    @Test
    fun anOwnCopyReadInGivesTheSameEntriesOnceAndAsksWhoANamesakeIs() {
        chosen = listOf(exported())
        runBlocking { phone.core.learners.add("Otter", "🦦", "#2f5fa8").done() }
        open(ImportPage)
        hand.press("A copy from Kinfolio")
        hand.waitFor("4 entries")
        hand.waitFor("Who is Otter?")
        hand.press("Read it in")
        hand.waitFor("Say who Otter is")
        hand.press("Otter")
        hand.press("Read it in")
        hand.waitFor("things came in")
        val titles = listOf("Counting change at the market", "Library: three books on owls", "Swimming", "Volcano with vinegar")
        assertEquals(titles, entries().map { it.title }.sorted())
        val learners = runBlocking { phone.core.learners.list().done() }
        assertEquals(listOf("Hedgehog", "Otter"), learners.map { it.nickname }.sorted())
        // The same file once more adds nothing.
        hand.press("Another file")
        hand.press("A copy from Kinfolio")
        hand.waitFor("4 of them are here already")
        hand.press("Otter")
        hand.press("Read it in")
        hand.waitFor("0 things came in")
        assertEquals(4, entries().size)
    }

    @Test
    fun aFileThatIsBrokenOrOfAnotherKindIsNamedAndNothingIsRead() {
        phone.fill()
        val whole = exported().readBytes()
        chosen = listOf(folder.resolve("half.zip").apply { writeBytes(whole.copyOf(whole.size / 2)) })
        open(ImportPage)
        hand.press("A copy from Kinfolio")
        hand.waitFor("“half.zip” was not read in:")
        chosen = listOf(folder.resolve("shopping.txt").apply { writeText("milk, eggs") })
        hand.press("A Day One diary")
        hand.waitFor("“shopping.txt” was not read in:")
        assertEquals(4, entries().size)
    }

    @Test
    fun aTableIsReadWithItsColumnsItsDatesAndItsNamesSaid() {
        phone.fill()
        chosen = listOf(
            folder.resolve("old.csv").apply { writeText("Group,Date,Title,Learners\nx,03/04/2026,Pond dipping,Hedgehog\ny,05/04/2026,Kite,Mole\n") },
        )
        open(ImportPage)
        hand.press("A table")
        hand.waitFor("2 entries")
        hand.waitFor("What does 03/04 mean?")
        hand.waitFor("Who is Mole?")
        hand.press("Read it in")
        hand.waitFor("Choose how its dates are read")
        hand.press("3 April")
        // What a column is taken for can be said.
        hand.press("Group")
        sheet.press("Tags")
        hand.waitFor("Tags")
        hand.press("Read it in")
        // Two entries, and Mole.
        hand.waitFor("3 things came in")
        val kite = entries().single { it.title == "Kite" }
        assertEquals("2026-04-05", kite.day.toString())
        assertTrue(runBlocking { phone.core.learners.list().done() }.any { it.nickname == "Mole" })
    }

    /** Forty photographs of ten days: the nine that there are, each time with another last byte, which no picture shows. */
    private fun forty(): List<File> {
        val real = File(checkNotNull(System.getProperty("kinfolio.root")), "tests/fixtures/photos").listFiles { file -> file.name.endsWith(".jpg") }.orEmpty().sorted()
        return (0 until 40).map { number ->
            folder.resolve("photo-%02d.jpg".format(number)).apply {
                writeBytes(real[number % real.size].readBytes() + number.toByte())
                setLastModified(1_775_000_000_000L + number / 4 * DAY_MS + number % 4 * 1_000L)
            }
        }
    }

    @Test
    fun fortyPhotosBecomeEntriesByDayAndWhatWasStoppedGoesOn() {
        phone.fill()
        val photos = forty()
        // Stopped at the tenth, as when the app is ended.
        runBlocking {
            phone.core.catchUp.give(photos.map { it.path to it.name }).done()
            val (reached, stopped) = CountDownLatch(1) to CountDownLatch(1)
            val looking = launch(Dispatchers.IO) {
                phone.core.catchUp.look {
                    // It can't run on meanwhile.
                    if (it.done >= 10) reached.countDown().also { stopped.await() }
                }
            }
            withContext(Dispatchers.IO) { reached.await() }
            looking.cancel()
            stopped.countDown()
            looking.join()
        }
        assertTrue(runBlocking { phone.core.catchUp.overview().done() }.let { it != null && it.lookedAt in 10 until 40 })
        open(CatchUpPage)
        hand.waitFor("of 40 photos were looked at.")
        hand.press("Go on")
        hand.waitFor("40 photos")
        val before = entries().size
        val days = runBlocking { phone.core.catchUp.groups().done() }
        assertEquals(40, days.sumOf { it.photos })
        assertTrue(days.size >= 10, "${days.size} days")
        hand.press("Make")
        hand.waitFor("Choose who it is for")
        hand.press("Hedgehog")
        hand.waitFor("Hedgehog, selected")
        hand.press("Make")
        screen.waitUntil(60_000) { runBlocking { phone.core.catchUp.overview().done() }.let { it != null && it.entries > 0 } }
        hand.press("Stop")
        hand.waitFor("Put these photos away")
        val half = runBlocking { phone.core.catchUp.groups().done() }.count { it.entry != null }
        assertTrue(half in 1 until days.size, "$half of ${days.size}")
        assertEquals(before + half, entries().size)
        // An entry is there with all its photos, or not yet.
        assertEquals(setOf(4), entries().map { it.photos.size }.filter { it > 0 }.toSet())
        hand.press("Make")
        hand.waitFor("${days.size} entries are made")
        assertEquals(before + days.size, entries().size)
        assertEquals(40, entries().sumOf { it.photos.size })
        hand.press("Put these photos away")
        sheet.press("Put these photos away")
        hand.waitFor("Choose photos")
        assertEquals(before + days.size, entries().size)
    }
}
