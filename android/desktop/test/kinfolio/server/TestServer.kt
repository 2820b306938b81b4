package kinfolio.server

import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.createDirectory

/** A real server in a process of its own, with its data and its mail in a folder that goes with it. */
class TestServer : AutoCloseable {
    private val root: Path = Files.createTempDirectory("kinfolio-server")

    /** Where mail is put that it sends. */
    val mail: Path = root.resolve("mail").createDirectory()
    private var process: Process
    val url: String

    init {
        val (started, at) = start("127.0.0.1:0")
        process = started
        url = at
    }

    private fun start(listen: String): Pair<Process, String> {
        val started = ProcessBuilder(
            System.getProperty("kinfolio.server"), "serve", "--listen", listen, "--data", root.resolve("data").toString(), "--mail", "dir:$mail",
        ).redirectError(ProcessBuilder.Redirect.DISCARD).start()
        val line = checkNotNull(started.inputStream.bufferedReader().readLine()) { "the server did not start" }
        check(line.startsWith("listening on http://127.0.0.1:")) { line }
        return started to line.removePrefix("listening on ")
    }

    /** It is gone, as with a cable pulled out. */
    fun stop() {
        process.destroy()
        if (!process.waitFor(20, TimeUnit.SECONDS)) process.destroyForcibly().waitFor()
    }

    /** It is there again, under the same address. */
    fun startAgain() {
        process = start(url.removePrefix("http://")).first
    }

    override fun close() {
        stop()
        root.toFile().deleteRecursively()
    }
}
