package kinfolio.desktop

import java.nio.file.Files
import java.nio.file.Path
import java.util.Properties
import kinfolio.ui.Memos
import kotlin.io.path.createDirectories
import kotlin.io.path.exists
import kotlin.io.path.inputStream
import kotlin.io.path.outputStream

/** Small things between two starts, in a file of their own. */
class FileMemos(private val folder: Path) : Memos {
    private val file = folder.resolve("memos.properties")
    private val kept = Properties().apply { if (file.exists()) file.inputStream().use(::load) }

    override fun read(name: String): String? = synchronized(kept) { kept.getProperty(name) }

    override fun write(name: String, value: String?) = synchronized(kept) {
        if (value == null) kept.remove(name) else kept.setProperty(name, value)
        folder.createDirectories()
        val new = folder.resolve("memos.new")
        new.outputStream().use { kept.store(it, null) }
        Files.move(new, file, java.nio.file.StandardCopyOption.REPLACE_EXISTING, java.nio.file.StandardCopyOption.ATOMIC_MOVE)
        Unit
    }
}
