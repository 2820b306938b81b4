package kinfolio.bridge

import uniffi.kinfolio.DecodedImage
import uniffi.kinfolio.ImageDecoder
import uniffi.kinfolio.KinfolioException

/** A picture in memory: four bytes for each pixel, red, green, blue, alpha, not premultiplied, sRGB. */
class Decoded(
    val width: Int,
    val height: Int,
    val rgba: ByteArray,
    /** EXIF's orientation, 1 to 8; 1 is upright. */
    val orientation: Int = 1,
    /** When it was taken, camera's local time, as in `2026-05-03T10:20:30`. */
    val capturedAt: String? = null,
)

/** Decodes pictures that the core can't, such as HEIC. Called on the core's own threads. */
fun interface Decoder {
    /** The picture; none when the platform doesn't know it either. */
    fun decode(bytes: ByteArray): Decoded?
}

/** A file that another app shares. */
data class SharedFile(val path: String, val name: String)

internal fun Decoder.forCore() = object : ImageDecoder {
    override fun decode(bytes: ByteArray): DecodedImage {
        val picture = this@forCore.decode(bytes) ?: throw KinfolioException.InvalidInput("no picture that this device knows")
        return DecodedImage(picture.width.toUInt(), picture.height.toUInt(), picture.rgba, picture.orientation.toUByte(), picture.capturedAt)
    }
}
