package kinfolio.desktop

import java.awt.FileDialog
import java.awt.Frame
import java.awt.image.BufferedImage
import java.io.File
import javax.imageio.ImageIO
import kinfolio.ui.NoSquare
import kinfolio.ui.ScanBy
import kinfolio.ui.Scanner
import kinfolio.ui.family.phones.readSquare
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Reads a square from a picture file: a computer has no camera to hold over it. [choose] asks for the file. */
class PictureScanner(private val choose: () -> File?) : Scanner {
    override val by = ScanBy.Picture

    override suspend fun scan(): ByteArray? = withContext(Dispatchers.IO) {
        val file = choose() ?: return@withContext null
        val picture = ImageIO.read(file) ?: throw NoSquare()
        readSquare(pixels(picture), picture.width, picture.height) ?: throw NoSquare()
    }
}

/** On white, where the picture is see-through. */
private fun pixels(of: BufferedImage): IntArray {
    val plain = BufferedImage(of.width, of.height, BufferedImage.TYPE_INT_RGB)
    val drawing = plain.createGraphics()
    drawing.drawImage(of, 0, 0, java.awt.Color.WHITE, null)
    drawing.dispose()
    return plain.getRGB(0, 0, of.width, of.height, null, 0, of.width)
}

/** Asks for a picture file in a window of the system. */
fun chooseFile(title: String): File? {
    val dialog = FileDialog(null as Frame?, title, FileDialog.LOAD)
    dialog.isVisible = true
    return dialog.file?.let { File(dialog.directory, it) }
}
