package kinfolio.screens

import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.toAwtImage
import java.awt.Image
import java.awt.image.BufferedImage
import kotlin.math.abs
import kotlin.math.max

/** How wide a stored picture is. */
private const val WIDTH = 360

/** How far a colour may be from the stored one, of 255: an edge that is smoothed otherwise is no other picture. */
private const val SHADE = 24

/** How many pixels of a thousand may be further off: what another release of the emoji changes. */
internal const val PER_MILLE = 2.0

/** The picture in the size in which pictures are stored. */
internal fun small(picture: ImageBitmap): BufferedImage {
    val whole = picture.toAwtImage()
    val height = whole.height * WIDTH / whole.width
    return plain(WIDTH, height) { drawImage(whole.getScaledInstance(WIDTH, height, Image.SCALE_AREA_AVERAGING), 0, 0, null) }
}

/** How many pixels of a thousand differ, each looked at together with its neighbours. Pictures of two sizes differ wholly. */
internal fun difference(one: BufferedImage, other: BufferedImage): Double {
    if (one.width != other.width || one.height != other.height) return 1000.0
    val differ = (0 until one.height).sumOf { y -> (0 until one.width).count { x -> isOther(one, other, x, y) } }
    return differ * 1000.0 / (one.width * one.height)
}

private fun isOther(one: BufferedImage, other: BufferedImage, x: Int, y: Int) =
    listOf(16, 8, 0).any { shift -> abs(around(one, x, y, shift) - around(other, x, y, shift)) > SHADE }

/** One of the three colours, evened out over a pixel and the eight around it. */
private fun around(of: BufferedImage, x: Int, y: Int, shift: Int): Int {
    var (sum, count) = 0 to 0
    for (row in max(0, y - 1)..minOf(of.height - 1, y + 1)) {
        for (column in max(0, x - 1)..minOf(of.width - 1, x + 1)) {
            sum += of.getRGB(column, row) shr shift and 0xff
            count++
        }
    }
    return sum / count
}

/** The stored picture and the one that was drawn, side by side. */
internal fun sideBySide(stored: BufferedImage, drawn: BufferedImage) = plain(stored.width + drawn.width, max(stored.height, drawn.height)) {
    drawImage(stored, 0, 0, null)
    drawImage(drawn, stored.width, 0, null)
}

private fun plain(width: Int, height: Int, draw: java.awt.Graphics2D.() -> Unit) =
    BufferedImage(width, height, BufferedImage.TYPE_INT_RGB).also { it.createGraphics().run { draw(); dispose() } }
