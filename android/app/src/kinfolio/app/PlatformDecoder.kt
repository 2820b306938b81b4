package kinfolio.app

import android.graphics.Bitmap
import android.graphics.ColorSpace
import android.graphics.ImageDecoder
import android.media.ExifInterface
import java.io.ByteArrayInputStream
import java.io.IOException
import java.nio.ByteBuffer
import kinfolio.bridge.Decoded
import kinfolio.bridge.Decoder

/** More pixels than this are halved while they are decoded: the copies that are kept have 2048 on the long edge. */
private const val MOST_PIXELS = 16_000_000L
private const val BYTES_A_PIXEL = 4

/** HEIC and whatever else this phone's Android knows. */
class PlatformDecoder : Decoder {
    override fun decode(bytes: ByteArray): Decoded? = try {
        val bitmap = ImageDecoder.decodeBitmap(ImageDecoder.createSource(ByteBuffer.wrap(bytes))) { decoder, info, _ ->
            decoder.allocator = ImageDecoder.ALLOCATOR_SOFTWARE
            decoder.isUnpremultipliedRequired = true
            decoder.setTargetColorSpace(ColorSpace.get(ColorSpace.Named.SRGB))
            var times = 1
            while (info.size.width.toLong() * info.size.height / (times * times) > MOST_PIXELS) times *= 2
            decoder.setTargetSampleSize(times)
        }
        // It stands upright already: the decoder turns it as its EXIF says.
        Decoded(bitmap.width, bitmap.height, pixels(bitmap), capturedAt = takenAt(bytes))
    } catch (_: IOException) {
        null
    }
}

private fun pixels(of: Bitmap): ByteArray {
    val plain = if (of.config == Bitmap.Config.ARGB_8888) of else of.copy(Bitmap.Config.ARGB_8888, false)
    val bytes = ByteArray(plain.width * plain.height * BYTES_A_PIXEL)
    plain.copyPixelsToBuffer(ByteBuffer.wrap(bytes))
    return bytes
}

/** EXIF's `2026:05:03 10:20:30` as `2026-05-03T10:20:30`. */
private fun takenAt(bytes: ByteArray): String? {
    val said = ExifInterface(ByteArrayInputStream(bytes)).getAttribute(ExifInterface.TAG_DATETIME_ORIGINAL) ?: return null
    val parts = Regex("(\\d{4}):(\\d\\d):(\\d\\d) (\\d\\d:\\d\\d:\\d\\d)").matchEntire(said.trim()) ?: return null
    val (year, month, day, time) = parts.destructured
    return "$year-$month-${day}T$time"
}
