package kinfolio.ui.stage

import androidx.compose.ui.graphics.ImageBitmap
import kinfolio.bridge.or
import kinfolio.ui.Device
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** So many small pictures are held at once. */
private const val HELD = 80

/** Small pictures of photos: decoded off the main thread, and those that were looked at last are held. */
class Pictures(private val device: Device) {
    private val held = object : LinkedHashMap<String, ImageBitmap>(HELD, 0.75f, true) {
        override fun removeEldestEntry(eldest: Map.Entry<String, ImageBitmap>) = size > HELD
    }

    /** What is held of this photo. */
    fun held(id: String): ImageBitmap? = synchronized(held) { held[id] }

    /** The small picture of a photo; none when it is not on this phone. */
    suspend fun small(id: String): ImageBitmap? {
        held(id)?.let { return it }
        val photos = device.outside.photos ?: return null
        val jpeg = device.core.attached.small(id).or { return null }
        return withContext(Dispatchers.Default) { photos.decode(jpeg) }?.also { synchronized(held) { held[id] = it } }
    }
}
