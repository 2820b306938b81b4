package kinfolio.ui.family.phones

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.aspectRatio
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import com.google.zxing.Binarizer
import com.google.zxing.BinaryBitmap
import com.google.zxing.DecodeHintType
import com.google.zxing.NotFoundException
import com.google.zxing.RGBLuminanceSource
import com.google.zxing.ReaderException
import com.google.zxing.Result
import com.google.zxing.ResultMetadataType
import com.google.zxing.common.GlobalHistogramBinarizer
import com.google.zxing.common.HybridBinarizer
import com.google.zxing.qrcode.QRCodeReader
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel
import com.google.zxing.qrcode.encoder.Encoder
import kinfolio.ui.LocalWords
import kotlin.math.floor

/** A square of these bytes: rows of dark and light. */
fun squareOf(payload: ByteArray): List<BooleanArray> {
    // Latin letters stand for bytes one to one: byte mode, which scanners hand on unchanged.
    val matrix = Encoder.encode(String(payload, Charsets.ISO_8859_1), ErrorCorrectionLevel.M).matrix
    return List(matrix.height) { y -> BooleanArray(matrix.width) { x -> matrix[x, y] == 1.toByte() } }
}

/** The bytes of the square in a picture of so many pixels (`0xAARRGGBB`, line by line); none where there is no square. */
fun readSquare(pixels: IntArray, width: Int, height: Int): ByteArray? {
    val source = RGBLuminanceSource(width, height, pixels)
    // A photograph has shadows, a screenshot has none: what one way misses another finds.
    val harder = mapOf(DecodeHintType.TRY_HARDER to true)
    val plain = mapOf(DecodeHintType.PURE_BARCODE to true)
    return read(HybridBinarizer(source), harder) ?: read(GlobalHistogramBinarizer(source), harder) ?: read(GlobalHistogramBinarizer(source), plain)
}

private fun read(picture: Binarizer, hints: Map<DecodeHintType, *>): ByteArray? = try {
    bytes(QRCodeReader().decode(BinaryBitmap(picture), hints))
} catch (_: ReaderException) {
    null
}

@Suppress("UNCHECKED_CAST")
private fun bytes(of: Result): ByteArray {
    val parts = of.resultMetadata[ResultMetadataType.BYTE_SEGMENTS] as? List<ByteArray> ?: throw NotFoundException.getNotFoundInstance()
    return parts.fold(ByteArray(0)) { before, part -> before + part }
}

/** Light around the square, in modules: what scanners ask for. */
private const val AROUND = 4

/** A square to be scanned, black on white in every look: many scanners read no other. */
@Composable
internal fun Square(payload: ByteArray, modifier: Modifier = Modifier) {
    val name = LocalWords.current["invite_square"]
    val rows = remember(payload) { squareOf(payload) }
    val shape = MaterialTheme.shapes.medium
    Box(
        modifier.fillMaxWidth().clip(shape).background(Color.White).border(1.dp, MaterialTheme.colorScheme.outlineVariant, shape),
        Alignment.Center,
    ) {
        Canvas(
            Modifier.padding(8.dp).widthIn(max = 320.dp).fillMaxWidth().aspectRatio(1f).semantics {
                contentDescription = name
                role = Role.Image
            },
        ) {
            val all = rows.size + 2 * AROUND
            // Whole pixels: no module is blurred, and none stands apart from the next.
            val one = floor(size.width / all).coerceAtLeast(1f)
            val edge = floor((size.width - one * all) / 2) + one * AROUND
            rows.forEachIndexed { y, row ->
                row.forEachIndexed { x, isDark -> if (isDark) drawRect(Color.Black, Offset(edge + x * one, edge + y * one), Size(one, one)) }
            }
        }
    }
}
