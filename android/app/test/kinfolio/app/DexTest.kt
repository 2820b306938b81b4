package kinfolio.app

import com.android.tools.r8.CompilationFailedException
import com.android.tools.r8.CompilationMode
import com.android.tools.r8.D8
import com.android.tools.r8.D8Command
import com.android.tools.r8.OutputMode
import java.io.File
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertTrue

/** Android 9, the oldest that the app is for. */
private const val OLDEST = 28

/** What the phone has in another form. */
private val COMPUTERS = Regex("^(ui|ui-text|ui-graphics)-desktop-")

class DexTest {
    @Test
    fun `the phone's part, the screens and the bindings become what Android runs`() {
        val path = System.getProperty("java.class.path").split(File.pathSeparator).map { Path.of(it) }
        val ours = listOf(Kinfolio::class, kinfolio.ui.Device::class, kinfolio.bridge.Core::class).map { Path.of(it.java.protectionDomain.codeSource.location.toURI()) }
        val android = path.single { it.fileName.toString().startsWith("android-all") }
        // Of a class that stands in Android's Compose and in the computer's, the first one counts, as on the class path.
        val others = path.filter { it.toString().endsWith(".jar") && it != android && it !in ours && !COMPUTERS.containsMatchIn(it.fileName.toString()) }
        val out = Files.createTempDirectory("kinfolio-dex")
        try {
            val command = D8Command.builder().setMinApiLevel(OLDEST).setMode(CompilationMode.RELEASE).setOutput(out, OutputMode.DexIndexed)
                .addLibraryFiles(android).addClasspathFiles(others)
            for (one in ours) command.addProgramFiles(if (Files.isDirectory(one)) classes(one) else listOf(one))
            D8.run(command.build())
            val dex = out.resolve("classes.dex")
            assertTrue(Files.size(dex) > 500_000, "${Files.size(dex)} bytes")
            assertTrue("Lkinfolio/app/MainActivity;" in Files.readString(dex, Charsets.ISO_8859_1))
        } catch (failed: CompilationFailedException) {
            throw AssertionError(failed.cause?.message, failed)
        } finally {
            out.toFile().deleteRecursively()
        }
    }

    private fun classes(under: Path): List<Path> =
        Files.walk(under).use { files -> files.filter { it.toString().endsWith(".class") && it.fileName.toString() != "module-info.class" }.toList() }
}
