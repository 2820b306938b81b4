package kinfolio.desktop

import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toComposeImageBitmap
import java.awt.FileDialog
import java.awt.Frame
import java.io.File
import kinfolio.ui.Photos
import kinfolio.ui.Picked
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import org.jetbrains.skia.Image

/** Photos and files from a folder of the computer. [ask] says which. */
class FilePhotos(private val ask: () -> List<File>) : Photos {
    override suspend fun choose(): List<Picked> = withContext(Dispatchers.IO) { ask().map { Picked(it.path, it.name) } }

    override fun decode(jpeg: ByteArray): ImageBitmap? = try {
        Image.makeFromEncoded(jpeg).toComposeImageBitmap()
    } catch (_: IllegalArgumentException) {
        null
    }
}

/** Asks for files in a window of the system. */
fun chooseFiles(title: String): List<File> {
    val dialog = FileDialog(null as Frame?, title, FileDialog.LOAD)
    dialog.isMultipleMode = true
    dialog.isVisible = true
    return dialog.files.toList()
}
