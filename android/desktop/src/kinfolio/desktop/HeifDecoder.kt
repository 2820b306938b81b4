package kinfolio.desktop

import com.sun.jna.Library
import com.sun.jna.Memory
import com.sun.jna.Native
import com.sun.jna.Pointer
import com.sun.jna.Structure
import com.sun.jna.ptr.IntByReference
import com.sun.jna.ptr.PointerByReference
import kinfolio.bridge.Decoded
import kinfolio.bridge.Decoder

private const val RGB = 1
private const val INTERLEAVED_RGBA = 11
private const val INTERLEAVED = 10
private const val BYTES_A_PIXEL = 4

/** What is used of libheif (its header `heif.h`). */
@Suppress("FunctionName")
private interface Heif : Library {
    fun heif_context_alloc(): Pointer
    fun heif_context_free(context: Pointer)
    fun heif_context_read_from_memory_without_copy(context: Pointer, bytes: Pointer, size: Long, options: Pointer?): HeifError.ByValue
    fun heif_context_get_primary_image_handle(context: Pointer, handle: PointerByReference): HeifError.ByValue
    fun heif_image_handle_release(handle: Pointer)
    fun heif_decode_image(handle: Pointer, image: PointerByReference, space: Int, chroma: Int, options: Pointer?): HeifError.ByValue
    fun heif_image_get_width(image: Pointer, channel: Int): Int
    fun heif_image_get_height(image: Pointer, channel: Int): Int
    fun heif_image_get_plane_readonly(image: Pointer, channel: Int, stride: IntByReference): Pointer?
    fun heif_image_release(image: Pointer)
}

/** `struct heif_error`. */
@Structure.FieldOrder("code", "subcode", "message")
open class HeifError : Structure() {
    @JvmField var code = 0
    @JvmField var subcode = 0
    @JvmField var message: Pointer? = null

    class ByValue : HeifError(), Structure.ByValue
}

/** HEIC by the computer's own libheif; none where that is not installed. It stands upright already; its date the core reads itself. */
class HeifDecoder private constructor(private val heif: Heif) : Decoder {
    override fun decode(bytes: ByteArray): Decoded? {
        val memory = Memory(bytes.size.toLong()).apply { write(0, bytes, 0, bytes.size) }
        val context = heif.heif_context_alloc()
        try {
            if (heif.heif_context_read_from_memory_without_copy(context, memory, memory.size(), null).code != 0) return null
            val handle = PointerByReference()
            if (heif.heif_context_get_primary_image_handle(context, handle).code != 0) return null
            try {
                val image = PointerByReference()
                if (heif.heif_decode_image(handle.value, image, RGB, INTERLEAVED_RGBA, null).code != 0) return null
                try {
                    return pixels(image.value)
                } finally {
                    heif.heif_image_release(image.value)
                }
            } finally {
                heif.heif_image_handle_release(handle.value)
            }
        } finally {
            heif.heif_context_free(context)
            memory.close()
        }
    }

    private fun pixels(image: Pointer): Decoded? {
        val (width, height) = heif.heif_image_get_width(image, INTERLEAVED) to heif.heif_image_get_height(image, INTERLEAVED)
        val stride = IntByReference()
        val plane = heif.heif_image_get_plane_readonly(image, INTERLEAVED, stride) ?: return null
        val line = width * BYTES_A_PIXEL
        val rgba = ByteArray(line * height)
        // A line may be longer in memory than it is wide.
        for (y in 0 until height) plane.read(y.toLong() * stride.value, rgba, y * line, line)
        return Decoded(width, height, rgba)
    }

    companion object {
        /** The decoder of this computer. */
        fun here(): Decoder? = try {
            HeifDecoder(Native.load("libheif.so.1", Heif::class.java))
        } catch (_: UnsatisfiedLinkError) {
            null
        }
    }
}
