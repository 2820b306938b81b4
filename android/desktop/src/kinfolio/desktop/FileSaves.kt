package kinfolio.desktop

import java.awt.Desktop
import java.awt.FileDialog
import java.awt.Frame
import java.io.File
import java.io.IOException
import kinfolio.ui.Saves
import kinfolio.ui.Target
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Documents go into files. [ask] says where one of this name goes. */
class FileSaves(private val ask: (String) -> File?) : Saves {
    override suspend fun choose(name: String): Target? = withContext(Dispatchers.IO) { ask(name)?.let(::FileTarget) }
}

private class FileTarget(private val file: File) : Target {
    override val path: String = file.path
    override val shown: String = file.name

    override suspend fun open(): Boolean = withContext(Dispatchers.IO) {
        try {
            Desktop.isDesktopSupported() && Desktop.getDesktop().isSupported(Desktop.Action.OPEN) && true.also { Desktop.getDesktop().open(file) }
        } catch (_: IOException) {
            false
        }
    }
}

/** Asks for a place in a window of the system. */
fun chooseSaved(title: String, name: String): File? {
    val dialog = FileDialog(null as Frame?, title, FileDialog.SAVE)
    dialog.file = name
    dialog.isVisible = true
    return dialog.file?.let { File(dialog.directory, it) }
}
