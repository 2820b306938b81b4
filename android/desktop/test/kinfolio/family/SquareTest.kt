package kinfolio.family

import kinfolio.ui.family.phones.readSquare
import kinfolio.ui.family.phones.squareOf
import kotlin.random.Random
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertNull

class SquareTest {
    /** As on a screen: black on white, four modules of white around it. */
    private fun picture(payload: ByteArray, module: Int): Pair<IntArray, Int> {
        val rows = squareOf(payload)
        val side = (rows.size + 8) * module
        val pixels = IntArray(side * side) { at ->
            val (x, y) = at % side / module - 4 to at / side / module - 4
            if (rows.getOrNull(y)?.getOrNull(x) == true) 0xFF000000.toInt() else 0xFFFFFFFF.toInt()
        }
        return pixels to side
    }

    @Test
    fun anyBytesAreReadBackAsTheyWere() {
        val random = Random(7)
        for (size in listOf(3, 60, 110, 160)) for (module in 3..8) repeat(12) {
            // Every code begins so: a list, in CBOR.
            val payload = byteArrayOf(0x85.toByte()) + random.nextBytes(size)
            val (pixels, side) = picture(payload, module)
            assertContentEquals(payload, readSquare(pixels, side, side), "$size bytes, modules of $module")
        }
    }

    @Test
    fun aPictureWithoutASquareIsNone() = assertNull(readSquare(IntArray(200 * 200) { 0xFFFFFFFF.toInt() }, 200, 200))
}
