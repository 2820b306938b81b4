package kinfolio.screens

import java.awt.Color
import java.awt.image.BufferedImage
import java.nio.file.Files
import java.nio.file.Path
import javax.imageio.ImageIO
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue

class PicturesTest {
    @Test
    fun theChosenScreensLookAsTheyAreStored() {
        val faults = STORED.mapNotNull { of ->
            val drawn = of.draw()
            val stored = if (Files.exists(of.file)) ImageIO.read(of.file.toFile()) else BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)
            val differs = difference(stored, drawn)
            if (differs <= PER_MILLE) null else "${of.file.fileName}: ${"%.1f".format(differs)} of 1000 pixels differ, see ${kept(of, stored, drawn)}"
        }
        assertEquals(emptyList(), faults, faults.joinToString("\n", postfix = "\nIs it meant so? ./dev app --renew-screens stores them anew.\n"))
    }

    @Test
    fun aButtonThatIsGoneIsAnotherPictureAndASmootherEdgeIsNot() {
        val page = page { fillRect(20, 600, 120, 48) }
        assertEquals(0.0, difference(page, page { fillRect(20, 600, 120, 48) }))
        assertTrue(difference(page, page {}) > PER_MILLE)
        assertTrue(difference(page, page { fillRect(20, 600, 120, 48); color = Color(20, 20, 20); drawRect(20, 600, 120, 48) }) <= PER_MILLE)
        assertEquals(1000.0, difference(page, BufferedImage(360, 700, BufferedImage.TYPE_INT_RGB)))
    }

    private fun page(draw: java.awt.Graphics2D.() -> Unit) = BufferedImage(360, 780, BufferedImage.TYPE_INT_RGB).also {
        it.createGraphics().run { color = Color.WHITE; fillRect(0, 0, 360, 780); color = Color.BLACK; draw(); dispose() }
    }

    private fun kept(of: Stored, stored: BufferedImage, drawn: BufferedImage): Path {
        val folder = Files.createDirectories(Path.of(System.getProperty("kinfolio.build")).resolve("screens-that-differ"))
        return folder.resolve(of.file.fileName).also { ImageIO.write(sideBySide(stored, drawn), "png", it.toFile()) }
    }
}
