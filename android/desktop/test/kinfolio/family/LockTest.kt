package kinfolio.family

import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.assertCountEquals
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.junit4.createComposeRule
import androidx.compose.ui.test.onAllNodesWithText
import java.nio.file.Files
import java.nio.file.Path
import kinfolio.Hand
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Core
import kinfolio.bridge.Inbox
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.bridge.SharedFile
import kinfolio.ui.family.lock.kept.DeviceFile
import kinfolio.ui.family.lock.kept.FileSecrets
import kinfolio.ui.family.lock.kept.Finger
import kinfolio.ui.family.lock.kept.KEY_BYTES
import kinfolio.ui.family.lock.kept.random
import kinfolio.ui.family.lock.kept.seal
import kinfolio.ui.family.lock.kept.unseal
import kinfolio.desktop.faces
import kinfolio.done
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.adding.QuickNote
import kinfolio.ui.english
import kinfolio.ui.family.lock.FingerChanged
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
import kotlinx.coroutines.flow.first
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
    private val sheet = Hand(screen, isDialog())
    @Volatile private var nowMs = 1_000_000_000_000L
    private val secrets = secrets()
    private val outside = Outside()
    private val guard = Guard(secrets, outside.memos, { nowMs }) { Core.open(phone.recordFolder.toString(), "Test", secrets) }

    private fun secrets(folder: Path = phone.secretsFolder, secret: Path = phone.secret) = FileSecrets(folder, DeviceFile(secret), { nowMs }, LITTLE_KIB)

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

    @Test
    fun whatIsNotedAndSharedWhileTheRecordIsLockedIsADraftOnceItIsOpen() {
        setPin()
        secrets.forget()
        val inbox = Inbox(phone.recordFolder.toString())
        var isClosed by mutableStateOf(false)
        val of = Outside(memos = outside.memos, guard = guard)
        screen.setContent {
            val note = @Composable { if (!isClosed) QuickNote(inbox, TODAY) { isClosed = true } }
            Guarded(guard, english(), faces(), Look.Light, { Comfort() }, locked = note) { core ->
                val device = remember(core) { phone.device(core = core, outside = of) }
                App(device)
            }
        }
        sheet.press("Save")
        sheet.waitFor("Write a few words first")
        sheet.type("What happened?", "CANARY counted frogs")
        screen.onAllNodesWithText("Hedgehog", substring = true).assertCountEquals(0)
        sheet.press("Save")
        screen.waitUntil(20_000) { isClosed }
        runBlocking {
            val photo = java.io.File(checkNotNull(System.getProperty("kinfolio.root")), "tests/fixtures/photos/cat.jpg")
            inbox.put("", "", listOf(SharedFile(photo.path, "cat.jpg")), TODAY).done()
            assertIs<Watch.Locked>(guard.state.value)
        }
        assertTrue(phone.files().none { "CANARY" in it.readText(Charsets.ISO_8859_1) })
        runBlocking { assertIs<Tried.Right>(guard.unlock(PIN)) }
        hand.waitFor("2 things that were shared or noted are in your drafts")
        val core = assertIs<Watch.Open>(guard.state.value).core
        runBlocking {
            val drafts = core.editing.drafts().done()
            // The latest first.
            assertEquals(listOf("", "CANARY counted frogs"), drafts.map { it.title + it.note })
            assertEquals(listOf(1, 0), drafts.map { core.attached.of(it.id).done().size })
        }
    }

    @Test
    fun theScreenGoingDarkLocksUnlessNothingIsToLockByItself() {
        setPin()
        guard.start()
        runBlocking { assertIs<Tried.Right>(guard.unlock(PIN)) }
        guard.lockAfter(0)
        guard.wentDark()
        assertIs<Watch.Open>(guard.state.value)
        guard.lockAfter(5)
        guard.wentDark()
        runBlocking { guard.state.first { it is Watch.Locked } }
    }

    /** A finger that is shown or not, over a key of its own: what a phone's keystore does. */
    private class TestFinger : Finger {
        var isShown = true
        var hasChanged = false
        private val key = random(KEY_BYTES)

        override suspend fun seal(secret: ByteArray) = if (isShown) seal(key, ByteArray(0), secret) else null

        override suspend fun open(sealed: ByteArray): ByteArray? = when {
            hasChanged -> throw FingerChanged()
            isShown -> unseal(key, ByteArray(0), sealed)
            else -> null
        }
    }

    @Test
    fun aFingerOpensTheRecordAndANewOneOnlyMeansThatThePinIsTypedOnceMore() {
        val finger = TestFinger()
        val secrets = FileSecrets(phone.secretsFolder, DeviceFile(phone.secret), { nowMs }, LITTLE_KIB, finger)
        val guard = Guard(secrets, outside.memos, { nowMs }) { Core.open(phone.recordFolder.toString(), "Test", secrets) }
        runBlocking { assertIs<Tried.Right>(secrets.setPin(null, PIN)) }
        val of = Outside(memos = outside.memos, guard = guard)
        screen.setContent {
            Guarded(guard, english(), faces(), Look.Light, { Comfort() }) { core ->
                val device = remember(core) { phone.device(core = core, outside = of) }
                App(device) { it.go(Place.Family) }
            }
        }
        hand.type("PIN", PIN)
        hand.press("Unlock")
        hand.press("Lock")
        hand.press("Finger or face")
        screen.waitUntil(20_000) { checkNotNull(secrets.quick).isOn }
        finger.isShown = false
        hand.pressLast("Lock now")
        hand.waitFor("Kinfolio is locked")
        hand.press("Finger or face")
        // The question was put, and nobody showed it.
        hand.waitFor("Finger or face")
        assertIs<Watch.Locked>(guard.state.value)
        finger.isShown = true
        hand.press("Finger or face")
        hand.press("Lock")
        val before = guard.state.value
        hand.pressLast("Lock now")
        // Shown at once, where the finger is on it already.
        screen.waitUntil(20_000) { guard.state.value.let { it is Watch.Open && it != before } }
        hand.press("Lock")
        finger.hasChanged = true
        hand.pressLast("Lock now")
        hand.waitFor("The fingers or faces of this phone have changed. Type the PIN, then turn this on again.")
        hand.type("PIN", PIN)
        hand.press("Unlock")
        hand.waitFor("Lock")
        assertTrue(!checkNotNull(secrets.quick).isOn)
        runBlocking {
            assertTrue(checkNotNull(secrets.quick).turnOn().also { finger.hasChanged = false })
            // Without a PIN there is no lock, and no second key to it.
            assertIs<Tried.Right>(secrets.setPin(PIN, null))
        }
        assertTrue(!checkNotNull(secrets.quick).isOn)
        guard.close()
    }
}
