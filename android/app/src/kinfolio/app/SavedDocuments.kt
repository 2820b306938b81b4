package kinfolio.app

import android.content.ActivityNotFoundException
import android.content.Intent
import android.net.Uri
import android.webkit.MimeTypeMap
import androidx.activity.ComponentActivity
import androidx.activity.result.contract.ActivityResultContracts.CreateDocument
import java.io.File
import java.io.IOException
import java.util.UUID
import kinfolio.ui.Saves
import kinfolio.ui.Target
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Documents go where a parent says in the phone's own chooser. */
class SavedDocuments(private val activity: ComponentActivity) : Saves {
    private var chosen: CompletableDeferred<Uri?>? = null

    // The kind is told by the name's end; the chooser wants one all the same.
    private val chooser = activity.registerForActivityResult(CreateDocument("application/octet-stream")) { chosen?.complete(it) }

    override suspend fun choose(name: String): Target? {
        val answer = CompletableDeferred<Uri?>().also { chosen = it }
        withContext(Dispatchers.Main) { chooser.launch(name) }
        return answer.await()?.let { Document(it, name) }
    }

    private inner class Document(private val to: Uri, override val shown: String) : Target {
        private val written = File(incoming(activity), UUID.randomUUID().toString())
        override val path: String = written.path

        override suspend fun finish(): Boolean = withContext(Dispatchers.IO) {
            try {
                val out = activity.contentResolver.openOutputStream(to, "wt")
                out?.use { written.inputStream().use { source -> source.copyTo(it) } } != null
            } catch (_: IOException) {
                false
            } finally {
                // It holds a real name: it does not stay here.
                written.delete()
            }
        }

        override suspend fun open(): Boolean = withContext(Dispatchers.Main) {
            val kind = MimeTypeMap.getSingleton().getMimeTypeFromExtension(shown.substringAfterLast('.'))
            val look = Intent(Intent.ACTION_VIEW).setDataAndType(to, kind).addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
            try {
                activity.startActivity(look)
                true
            } catch (_: ActivityNotFoundException) {
                false
            }
        }
    }
}
