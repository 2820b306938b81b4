package kinfolio.app

import androidx.activity.ComponentActivity
import com.journeyapps.barcodescanner.ScanContract
import com.journeyapps.barcodescanner.ScanOptions
import com.google.zxing.client.android.Intents
import kinfolio.ui.ScanBy
import kinfolio.ui.Scanner
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Reads squares through the camera, inside the app: a link in a square opens nothing. */
class CameraScanner(activity: ComponentActivity) : Scanner {
    override val by = ScanBy.Camera
    private var read: CompletableDeferred<ByteArray?>? = null
    private val scanning = activity.registerForActivityResult(ScanContract()) { result ->
        read?.complete(result.contents?.toByteArray(Charsets.ISO_8859_1))
    }

    override suspend fun scan(): ByteArray? {
        val answer = CompletableDeferred<ByteArray?>().also { read = it }
        val options = ScanOptions().setDesiredBarcodeFormats(ScanOptions.QR_CODE).setBeepEnabled(false).setOrientationLocked(false).setPrompt("")
        // Latin letters stand for bytes one to one: what the square holds are bytes, no text.
        options.addExtra(Intents.Scan.CHARACTER_SET, Charsets.ISO_8859_1.name())
        withContext(Dispatchers.Main) { scanning.launch(options) }
        return answer.await()
    }
}
