// The façade from Kotlin on the JVM: a smaller round than Python's, against a real server in a process of its own.
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.io.path.readText
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertContains
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import uniffi.kinfolio.*

class MemorySecrets : SecretStore {
    private val kept = HashMap<String, ByteArray>()
    override fun load(name: String): ByteArray? = kept[name]
    override fun save(name: String, secret: ByteArray) { kept[name] = secret }
}

class ThrowingSecrets : SecretStore {
    override fun load(name: String): ByteArray? = throw IllegalStateException("canary-of-the-keystore")
    override fun save(name: String, secret: ByteArray) = Unit
}

class Round {
    private val root: Path = Files.createTempDirectory("kinfolio-kotlin")
    private val mail: Path = Files.createDirectory(root.resolve("mail"))
    private lateinit var server: Process
    private lateinit var url: String

    @BeforeTest
    fun startServer() {
        server = ProcessBuilder(
            System.getProperty("kinfolio.server"), "serve", "--listen", "127.0.0.1:0",
            "--data", root.resolve("server").toString(), "--mail", "dir:$mail",
        ).redirectError(ProcessBuilder.Redirect.DISCARD).start()
        val line = checkNotNull(server.inputStream.bufferedReader().readLine())
        check(line.startsWith("listening on http://127.0.0.1:")) { line }
        url = line.removePrefix("listening on ")
    }

    @AfterTest
    fun stopServer() {
        server.destroy()
        server.waitFor()
        root.toFile().deleteRecursively()
    }

    private fun phone(name: String, secrets: SecretStore = MemorySecrets()) =
        Client.open(root.resolve(name).toString(), name, secrets)

    @Test
    fun fromAFirstEntryToTheServerAndIntoADocument() = runBlocking {
        val phone = phone("phone-1")
        val heard = CopyOnWriteArrayList<Change>()
        val subscription = phone.onChange(object : ChangeListener {
            override fun changed(changes: List<Change>) { heard.addAll(changes) }
        })
        val hedgehog = phone.learners().add(NewLearner(nickname = "Hedgehog"))
        val otter = phone.learners().add(NewLearner(nickname = "Otter"))
        val entry = phone.entries().create(
            EntryDraft(
                title = "Pond dipping", note = "Eleven water boatmen.", learnedOn = "2026-05-03", onRecord = true,
                learners = listOf(LearnerLine(hedgehog.id, "drew a newt"), LearnerLine(otter.id, "CANARY-OTTER-LINE")),
            ),
        )
        assertEquals(entry.id, phone.entries().search("boatm", TimelineQuery()).single().entry)
        assertContains(heard, Change(ChangeKind.ENTRY, entry.id))
        subscription.stop()

        val browser = Browser(url, mail)
        browser.register("ann@example.org", "seven brown otters cross the river")
        val page = phone.account().begin(url, "http://127.0.0.1:7/callback", clientDesktop())
        assertEquals("ann@example.org", phone.account().finish(browser.authorize(page)).email)
        phone.keys().turnOnSync()
        // Beside what was written there is the day of the family log that tells of it.
        assertEquals(4u, phone.sync().run().pushed)
        assertEquals(EntryState.Stored, phone.sync().state(entry.id))

        val document = root.resolve("portfolio.html")
        val request = PortfolioRequest(learner = hedgehog.id, firstDay = "2026-01-01", lastDay = "2026-12-31", others = Others.NICKNAME, format = Format.HTML)
        phone.export().writePortfolio(request, listOf(PrintedName(hedgehog.id, "Zoë")), document.toString())
        val text = document.readText()
        assertContains(text, "Zoë")
        assertContains(text, "drew a newt")
        assertFalse("CANARY-OTTER-LINE" in text)
    }

    @Test
    fun errorsSayWhatTheScreenDoesNext() = runBlocking {
        val phone = phone("errors")
        assertFailsWith<KinfolioException.InvalidInput> { phone.learners().add(NewLearner(nickname = " ")) }
        assertFailsWith<KinfolioException.NotFound> { phone.entries().get("0".repeat(32)) }
        assertFailsWith<KinfolioException.InvalidInput> { phone.entries().get("not an id") }
        assertFailsWith<KinfolioException.SignInAgain> { phone.sync().run() }
        assertFailsWith<KinfolioException.Offline> { phone.account().begin("http://127.0.0.1:9", "http://127.0.0.1:7/callback", clientDesktop()) }
        val thrown = assertFailsWith<KinfolioException.Unexpected> { phone("broken", ThrowingSecrets()) }
        assertFalse("canary" in thrown.toString())
        assertTrue(thrown.toString().contains("keystore"))
    }
}
