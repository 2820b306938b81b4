package kinfolio.app

import android.Manifest
import android.content.Context
import android.content.pm.PackageManager
import android.graphics.BitmapFactory
import android.net.Uri
import android.provider.OpenableColumns
import androidx.activity.ComponentActivity
import androidx.activity.result.ActivityResultLauncher
import androidx.activity.result.PickVisualMediaRequest
import androidx.activity.result.contract.ActivityResultContracts.OpenMultipleDocuments
import androidx.activity.result.contract.ActivityResultContracts.PickMultipleVisualMedia
import androidx.activity.result.contract.ActivityResultContracts.PickVisualMedia
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.activity.result.contract.ActivityResultContracts.TakePicture
import androidx.compose.ui.graphics.ImageBitmap
import androidx.compose.ui.graphics.asImageBitmap
import androidx.core.content.FileProvider
import java.io.File
import java.io.IOException
import java.util.UUID
import kinfolio.ui.Photos
import kinfolio.ui.Picked
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Files beside photos that an entry can hold. */
private val KINDS = arrayOf("application/pdf", "audio/*", "video/*", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")

/** Photos from the phone's picker and its camera. The picker asks for no permission: it hands over what was chosen, and nothing else. */
class PickedPhotos(private val activity: ComponentActivity) : Photos {
    private var chosen: CompletableDeferred<List<Uri>>? = null
    private var taken: CompletableDeferred<Boolean>? = null
    private var allowed: CompletableDeferred<Boolean>? = null
    private val picker: ActivityResultLauncher<PickVisualMediaRequest> =
        activity.registerForActivityResult(PickMultipleVisualMedia()) { chosen?.complete(it) }
    private val documents: ActivityResultLauncher<Array<String>> = activity.registerForActivityResult(OpenMultipleDocuments()) { chosen?.complete(it) }
    private val camera: ActivityResultLauncher<Uri> = activity.registerForActivityResult(TakePicture()) { taken?.complete(it) }
    private val asking: ActivityResultLauncher<String> = activity.registerForActivityResult(RequestPermission()) { allowed?.complete(it) }

    override val hasCamera: Boolean = activity.packageManager.hasSystemFeature(PackageManager.FEATURE_CAMERA_ANY)

    override suspend fun choose(): List<Picked> = chosen { picker.launch(PickVisualMediaRequest(PickVisualMedia.ImageAndVideo)) }

    override val files: suspend () -> List<Picked> = { chosen { documents.launch(KINDS) } }

    private suspend fun chosen(ask: () -> Unit): List<Picked> {
        val answer = CompletableDeferred<List<Uri>>().also { chosen = it }
        withContext(Dispatchers.Main) { ask() }
        return withContext(Dispatchers.IO) { answer.await().mapNotNull { copied(activity, it) } }
    }

    override suspend fun take(): Picked? {
        // The scanner declares the camera's permission: from then on Android wants it for the phone's own camera app, too.
        if (activity.checkSelfPermission(Manifest.permission.CAMERA) != PackageManager.PERMISSION_GRANTED && !mayNow()) return null
        val file = File(incoming(activity), "${UUID.randomUUID()}.jpg")
        val answer = CompletableDeferred<Boolean>().also { taken = it }
        val place = FileProvider.getUriForFile(activity, "${activity.packageName}.files", file)
        withContext(Dispatchers.Main) { camera.launch(place) }
        return if (answer.await()) Picked(file.path, file.name) else null
    }

    private suspend fun mayNow(): Boolean {
        val answer = CompletableDeferred<Boolean>().also { allowed = it }
        withContext(Dispatchers.Main) { asking.launch(Manifest.permission.CAMERA) }
        return answer.await()
    }

    override fun decode(jpeg: ByteArray): ImageBitmap? = BitmapFactory.decodeByteArray(jpeg, 0, jpeg.size)?.asImageBitmap()
}

/** Where files wait until the record has taken them: emptied at each start. */
internal fun incoming(context: Context): File = File(context.cacheDir, "incoming").apply { mkdirs() }

/** A copy of what an address of another app holds: the record wants a file. None for one that can't be read any more. */
internal fun copied(context: Context, from: Uri): Picked? = try {
    val to = File(incoming(context), UUID.randomUUID().toString())
    val bytes = context.contentResolver.openInputStream(from)?.use { source -> to.outputStream().use { source.copyTo(it) } }
    bytes?.let { Picked(to.path, nameOf(context, from) ?: to.name) }
} catch (_: IOException) {
    null
} catch (_: SecurityException) {
    null
}

private fun nameOf(context: Context, of: Uri): String? =
    context.contentResolver.query(of, arrayOf(OpenableColumns.DISPLAY_NAME), null, null, null)?.use { if (it.moveToFirst()) it.getString(0) else null }
