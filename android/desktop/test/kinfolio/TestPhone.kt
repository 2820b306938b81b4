package kinfolio

import java.nio.file.Files
import java.nio.file.Path
import java.time.LocalDate
import java.time.ZoneOffset
import kinfolio.bridge.Core
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.ui.family.lock.kept.DeviceFile
import kinfolio.ui.family.lock.kept.FileSecrets
import kinfolio.desktop.HeifDecoder
import kinfolio.desktop.faces
import kinfolio.ui.Device
import kinfolio.ui.Outside
import kinfolio.ui.english
import kinfolio.ui.look.LearnerColour
import kinfolio.ui.look.Look
import kotlinx.coroutines.runBlocking

/** A Friday. */
val TODAY: LocalDate = LocalDate.of(2026, 4, 17)

/** A phone with a real record in a folder of its own. */
class TestPhone(private val name: String = "Test") : AutoCloseable {
    private val folder: Path = Files.createTempDirectory("kinfolio-app")

    /** How far this phone's clock has been put forward. */
    @Volatile
    var aheadMs = 0L
    val core: Core = open()

    /** What lies around this phone: nothing, unless a test puts something there. */
    var outside = Outside()

    /** Where its record and its key lie, and the secret of the phone itself. */
    val secretsFolder: Path get() = folder.resolve("secrets")
    val recordFolder: Path get() = folder.resolve("record")
    val secret: Path get() = folder.resolve("device")

    /** The same record, as after the process was ended. */
    fun open(): Core =
        runBlocking { Core.open(folder.resolve("record").toString(), name, FileSecrets(folder.resolve("secrets"), DeviceFile(folder.resolve("device"))), HeifDecoder.here()) { System.currentTimeMillis() + aheadMs } }.done()

    fun device(look: Look = Look.Light, core: Core = this.core, outside: Outside = this.outside) =
        Device(core, english(), faces(), look, ZoneOffset.UTC, outside) { TODAY }

    /** Two learners and four entries. */
    fun fill() = runBlocking {
        val hedgehog = add("Hedgehog", "🦔", 0)
        val otter = add("Otter", "🦦", 1)
        write(TODAY, "Volcano with vinegar\nThree tries. The second went over the tray.", hedgehog, otter)
        write(TODAY, "Counting change at the market\nSix eggs, paid in coins. She checked the change.", otter)
        write(TODAY.minusDays(1), "Library: three books on owls\nBarn owls won. We renewed one for next week.", hedgehog, otter)
        write(TODAY.minusDays(20), "Swimming\nTwo lengths without the float.", hedgehog)
    }

    private suspend fun add(nickname: String, emoji: String, number: Int) =
        core.learners.add(nickname, emoji, LearnerColour.next(number).kept).done()

    private suspend fun write(day: LocalDate, text: String, vararg of: Learner) =
        core.entries.create(day, text, of.mapTo(HashSet()) { it.id }, onRecord = true).done()

    /** Every file of this phone. */
    fun files(): List<java.io.File> = folder.toFile().walk().filter { it.isFile }.toList()

    override fun close() {
        folder.toFile().deleteRecursively()
    }
}

/** What was asked for; a problem fails the test. */
fun <T> Outcome<T>.done(): T = when (this) {
    is Outcome.Done -> value
    is Outcome.Failed -> error(problem.toString())
}
