package kinfolio.app

import android.content.Intent
import android.net.Uri
import android.os.Build
import android.os.Bundle
import android.widget.Toast
import androidx.activity.ComponentActivity
import androidx.lifecycle.lifecycleScope
import java.time.LocalDate
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.bridge.SharedFile
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** Takes what another app shares into a draft, and goes away again: who shares a photo wants to be back at once. */
class ShareActivity : ComponentActivity() {
    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        // A turned phone starts this again: what was shared is taken once.
        if (saved != null) return
        lifecycleScope.launch {
            val said = withContext(NonCancellable) { take() }
            Toast.makeText(this@ShareActivity, said, Toast.LENGTH_LONG).show()
            finish()
        }
    }

    private suspend fun take(): String {
        val app = application as Kinfolio
        val core = when (val opened = app.core()) {
            is Outcome.Done -> opened.value
            is Outcome.Failed -> if (opened.problem is Problem.Locked) null else return opened.problem.reason
        }
        val addresses = addresses()
        val files = withContext(Dispatchers.IO) { addresses.mapNotNull { copied(this@ShareActivity, it) } }
        if (files.size < addresses.size) return app.words["shared_unreadable"]
        val title = intent.getStringExtra(Intent.EXTRA_SUBJECT).orEmpty()
        val text = intent.getCharSequenceExtra(Intent.EXTRA_TEXT)?.toString().orEmpty()
        val (shared, today) = files.map { SharedFile(it.path, it.name) } to LocalDate.now()
        // Locked, nothing of the record is opened for it: it waits, sealed, and is a draft after the PIN.
        val taken = core?.dayOut?.take(title, text, shared, today) ?: app.inbox.put(title, text, shared, today)
        return when (taken) {
            is Outcome.Done -> app.words["shared_taken"]
            is Outcome.Failed -> taken.problem.reason
        }.also { withContext(Dispatchers.IO) { files.forEach { java.io.File(it.path).delete() } } }
    }

    private fun addresses(): List<Uri> = when (intent.action) {
        Intent.ACTION_SEND -> listOfNotNull(one())
        Intent.ACTION_SEND_MULTIPLE -> several()
        else -> emptyList()
    }

    @Suppress("DEPRECATION")
    private fun one(): Uri? =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) intent.getParcelableExtra(Intent.EXTRA_STREAM, Uri::class.java)
        else intent.getParcelableExtra(Intent.EXTRA_STREAM)

    @Suppress("DEPRECATION")
    private fun several(): List<Uri> =
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) intent.getParcelableArrayListExtra(Intent.EXTRA_STREAM, Uri::class.java).orEmpty()
        else intent.getParcelableArrayListExtra<Uri>(Intent.EXTRA_STREAM).orEmpty()
}
