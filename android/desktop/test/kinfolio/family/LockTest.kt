package kinfolio.family

import androidx.compose.runtime.remember
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import java.nio.file.Files
import java.nio.file.Path
import kinfolio.Hand
import kinfolio.TestPhone
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.desktop.FileSecrets
import kinfolio.desktop.faces
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.english
import kinfolio.ui.family.lock.Guard
import kinfolio.ui.family.lock.Guarded
import kinfolio.ui.family.lock.Tried
import kinfolio.ui.family.lock.Watch
import kinfolio.ui.look.Comfort
import kinfolio.ui.look.Look
import kinfolio.ui.stage.Place
import kotlin.io.path.copyTo
import kotlin.io.path.createDirectories
import kotlin.io.path.listDirectoryEntries
import kotlin.io.path.readSymbolicLink
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import java.util.concurrent.CountDownLatch
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withContext
import org.junit.Rule

private const val PIN = "271828"

/** What a guess costs here; the app asks for much more. */
private const val LITTLE_KIB = 64

class LockTest {
    @get:Rule
    val screen = createComposeRule()
    private val phone = TestPhone()
    private val hand = Hand(screen)
    @Volatile private var nowMs = 1_000_000_000_000L
    private val secrets = secrets()
    private val outside = Outside()
    private val guard = Guard(secrets, outside.memos, { nowMs }) { Core.open(phone.recordFolder.toString(), "Test", secrets) }

    private fun secrets(folder: Path = phone.secretsFolder, secret: Path = phone.secret) = FileSecrets(folder, secret, { nowMs }, LITTLE_KIB)

    @BeforeTest
    fun fill() {
        phone.fill()
        runBlocking { phone.core.close() }
    }

    @AfterTest
    fun close() {
        guard.close()
        phone.close()
    }

    private fun show() {
        val of = Outside(memos = outside.memos, guard = guard)
        screen.setContent {
            Guarded(guard, english(), faces(), Look.Light, { Comfort() }) { core ->
                val device = remember(core) { phone.device(core = core, outside = of) }
                App(device) { it.go(Place.Family) }
            }
        }
    }

    private fun setPin() = runBlocking { assertIs<Tried.Right>(secrets.setPin(null, PIN)) }

    private fun wrong(of: FileSecrets, times: Int) = runBlocking { repeat(times) { of.unlock("000000") } }

    private fun isOpenFile(below: Path) = Path.of("/proc/self/fd").listDirectoryEntries().any {
        try {
            it.readSymbolicLink().startsWith(below)
        } catch (_: java.io.IOException) {
            false
        }
    }

    @Test
    fun aPinIsSetAskedForChangedAndRemoved() {
        show()
        hand.press("Lock")
        hand.waitFor("No PIN is set.")
        hand.press("Set a PIN")
        hand.type("New PIN", "12")
        hand.press("Set a PIN")
        hand.waitFor("At least 6 digits or letters")
        hand.type("New PIN", PIN)
        screen.waitForIdle()
        hand.press("Set a PIN")
        hand.waitFor("This is not the same as above")
        hand.type("New PIN once more", PIN)
        hand.press("Set a PIN")
        hand.waitFor("A PIN keeps the record on this device.")
        hand.pressLast("Lock now")
        hand.waitFor("Kinfolio is locked")
        hand.press("Unlock")
        hand.waitFor("Type the PIN first")
        hand.type("PIN", "314159")
        hand.press("Unlock")
        hand.waitFor("That is not the PIN. 9 more tries before a wait.")
        hand.type("PIN", PIN)
        hand.press("Unlock")
        hand.press("Lock")
        hand.press("Remove the PIN")
        hand.press("Remove the PIN")
        hand.waitFor("Type the PIN that is set first")
        hand.type("PIN now", PIN)
        hand.press("Remove the PIN")
        hand.waitFor("No PIN is set.")
        assertTrue(!secrets().hasPin)
    }

    @Test
    fun afterTenWrongPinsEachFurtherOneWaitsLongerAlsoAfterARestart() = runBlocking<Unit> {
        setPin()
        wrong(secrets, 4)
        // Ended and started again: the count goes on.
        wrong(secrets(), 5)
        val first = assertIs<Tried.Wait>(secrets().unlock("000000"))
        // The right one waits, too, and a look at it makes the wait no longer.
        assertEquals(Tried.Wait(first.ms), secrets().unlock(PIN))
        nowMs += first.ms
        val second = assertIs<Tried.Wait>(secrets().unlock("000000"))
        assertTrue(second.ms > first.ms)
        // A clock that is set back helps nobody.
        nowMs -= 10 * second.ms
        assertIs<Tried.Wait>(secrets().unlock(PIN))
        nowMs += second.ms
        assertEquals(Tried.Right, secrets().unlock(PIN))
        // After the right one there are ten again; a count that was thrown away gives none.
        assertEquals(Tried.Wrong(9), secrets().unlock("000000"))
        Files.delete(phone.secretsFolder.resolve("tries"))
        assertIs<Tried.Wait>(secrets().unlock(PIN))
    }

    @Test
    fun aCopiedFolderOpensNothingWithoutThePinNorWithItOnAnotherComputer() = runBlocking<Unit> {
        setPin()
        val copy = Files.createTempDirectory("kinfolio-copy")
        try {
            for (folder in listOf(phone.secretsFolder, phone.recordFolder)) Files.walk(folder).use { found ->
                found.filter(Files::isRegularFile).forEach { it.copyTo(copy.resolve(folder.parent.relativize(it).toString()).also { to -> to.parent.createDirectories() }) }
            }
            // With the computer's secret and without the PIN.
            val here = secrets(copy.resolve("secrets"))
            assertIs<Outcome.Failed>(Core.open(copy.resolve("record").toString(), "Copy", here))
            assertFailsWith<IllegalStateException> { here.load("store-key") ?: error("no such name") }
            // With the PIN and without the computer's secret, or with another's.
            val elsewhere = secrets(copy.resolve("secrets"), copy.resolve("device"))
            assertFailsWith<IllegalStateException> { elsewhere.unlock(PIN) }
            Files.write(copy.resolve("device"), ByteArray(32))
            assertIs<Tried.Wrong>(elsewhere.unlock(PIN))
            // With both it opens: the copy is whole.
            assertEquals(Tried.Right, here.unlock(PIN))
            val core = Core.open(copy.resolve("record").toString(), "Copy", here).done()
            assertEquals(2, core.learners.list().done().size)
            core.close()
        } finally {
            copy.toFile().deleteRecursively()
        }
    }

    @Test
    fun lockingClosesTheRecordAndWhatAsksIsToldSo() {
        setPin()
        show()
        hand.type("PIN", PIN)
        hand.press("Unlock")
        hand.waitFor("Lock")
        val core = assertIs<Watch.Open>(guard.state.value).core
        assertTrue(isOpenFile(phone.recordFolder))
        // Nobody touches it for five minutes.
        nowMs += 5 * 60_000L - 1
        guard.look()
        assertIs<Watch.Open>(guard.state.value)
        nowMs += 1
        guard.look()
        hand.waitFor("Kinfolio is locked")
        assertIs<Problem.Locked>(assertIs<Outcome.Failed>(runBlocking { core.learners.list() }).problem)
        assertIs<Problem.Locked>(assertIs<Outcome.Failed>(runBlocking { core.account.state() }).problem)
        assertTrue(!isOpenFile(phone.recordFolder), "the store is open still")
        assertFailsWith<IllegalStateException> { secrets.load(name()) }
    }

    @Test
    fun oneEntryIsShownAndEverythingElseIsLockedUntilThePinIsGiven() {
        setPin()
        show()
        hand.type("PIN", PIN)
        hand.press("Unlock")
        hand.press("Timeline")
        hand.press("Volcano with vinegar")
        hand.press("More")
        Hand(screen, isDialog()).press("Show this entry alone")
        hand.waitFor("Back to the record")
        hand.waitFor("Three tries. The second went over the tray.")
        for (other in listOf("Learners", "Family", "Back to the timeline", "Swimming", "Search")) assertTrue(!hand.isThere(other), other)
        hand.press("Back to the record")
        val sheet = Hand(screen, isDialog())
        sheet.type("PIN", "000000")
        sheet.press("Unlock")
        sheet.waitFor("That is not the PIN.")
        assertTrue(!hand.isThere("Family"))
        sheet.type("PIN", PIN)
        sheet.press("Unlock")
        hand.waitFor("More")
        hand.press("Back")
        hand.waitFor("Swimming")
    }

    @Test
    fun longWorkIsNotStoppedByLockingItself() {
        setPin()
        show()
        hand.type("PIN", PIN)
        hand.press("Unlock")
        hand.waitFor("Lock")
        val core = assertIs<Watch.Open>(guard.state.value).core
        val photo = phone.secret.resolveSibling("photo.jpg").toFile().apply { writeText("no picture") }
        val (begun, mayEnd) = CountDownLatch(1) to CountDownLatch(1)
        runBlocking {
            core.catchUp.give(listOf(photo.path to photo.name)).done()
            val work = launch(Dispatchers.IO) {
                core.catchUp.look {
                    begun.countDown()
                    mayEnd.await()
                }.done()
            }
            withContext(Dispatchers.IO) { begun.await() }
            nowMs += 60 * 60_000L
            guard.look()
            mayEnd.countDown()
            work.join()
            // It was there all that time; five minutes later it locks.
            guard.look()
            assertEquals(1, core.catchUp.overview().done()?.lookedAt)
        }
        nowMs += 5 * 60_000L
        guard.look()
        hand.waitFor("Kinfolio is locked")
    }

    /** What the core calls its key. */
    private fun name() = phone.secretsFolder.listDirectoryEntries("*.sealed").first().fileName.toString().removeSuffix(".sealed")

    @Test
    fun aKeyThatAnOlderAppKeptInTheOpenIsSealedAndTheRecordOpens() = runBlocking<Unit> {
        val name = name()
        val key = checkNotNull(secrets.load(name))
        for (file in phone.secretsFolder.listDirectoryEntries()) Files.delete(file)
        Files.write(phone.secretsFolder.resolve(name), key)
        val new = secrets()
        val core = Core.open(phone.recordFolder.toString(), "Test", new).done()
        assertEquals(2, core.learners.list().done().size)
        core.close()
        val files = phone.secretsFolder.listDirectoryEntries()
        assertTrue(files.none { it.fileName.toString() == name })
        assertTrue(files.none { String(Files.readAllBytes(it), Charsets.ISO_8859_1).contains(String(key, Charsets.ISO_8859_1)) })
    }
}
