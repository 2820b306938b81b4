package kinfolio.screens

import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.luminance
import androidx.compose.ui.graphics.toPixelMap
import kotlin.math.max
import kotlin.math.min

/**
 * How much what is drawn in [box] stands out from what it is drawn on: the commonest colour is the ground, the one that differs most from
 * it the ink. Null: nothing of the box is in the picture, or nothing is drawn there.
 */
fun leastContrast(picture: ImageBitmap, box: Rect): Double? {
    val pixels = picture.toPixelMap()
    val (columns, rows) = (max(0, box.left.toInt()) until min(pixels.width, box.right.toInt())) to (max(0, box.top.toInt()) until min(pixels.height, box.bottom.toInt()))
    val colours = HashMap<Color, Int>()
    for (y in rows) for (x in columns) colours.merge(pixels[x, y], 1, Int::plus)
    val ground = colours.maxByOrNull { it.value }?.key ?: return null
    return colours.keys.filter { it != ground }.maxOfOrNull { ratio(it, ground) }
}

/** WCAG's contrast ratio, 1 to 21. */
private fun ratio(one: Color, other: Color): Double {
    val (light, dark) = max(one.luminance(), other.luminance()) to min(one.luminance(), other.luminance())
    return (light + 0.05) / (dark + 0.05)
}
