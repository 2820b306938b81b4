package kinfolio.app

import android.content.Intent
import android.os.Build
import android.os.Bundle
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.addCallback
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import java.io.File
import kinfolio.ui.App
import kinfolio.ui.Outside
import kinfolio.ui.Shield
import kinfolio.ui.family.lock.Guarded
import kinfolio.ui.look.Comforts
import kinfolio.ui.stage.Way

/** The window of the app. */
class MainActivity : ComponentActivity() {
    private lateinit var browser: TabBrowser
    private lateinit var outside: Outside
    private var way: Way? = null
    private val app get() = application as Kinfolio

    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        enableEdgeToEdge()
        hideFromRecents()
        browser = TabBrowser(this)
        outside = Outside(
            browser, CameraScanner(this), app.network, app.memos, getString(R.string.server), PickedPhotos(this), SavedDocuments(this), Shield(::shield), app.guard,
            // One that was left behind when the app was ended goes now.
            throwaway = { File(cacheDir, "sample").also { it.deleteRecursively(); it.mkdirs() } },
        )
        // Back goes through the pages; from the first one the app goes away, and is there as it was when it comes again.
        onBackPressedDispatcher.addCallback(this) { if (way?.back() != true) moveTaskToBack(true) }
        setContent {
            // The bars of the system and the keyboard never cover what is shown.
            Guarded(app.guard, app.words, faces(assets), look(resources), { Comforts(app.memos).state.value }, Modifier.safeDrawingPadding()) { core ->
                App(remember(core) { device(app, core, outside) }) { way = it }
            }
        }
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        linkOf(intent)?.let(browser::came)
    }

    override fun onStop() {
        super.onStop()
        // What was written is sent also when nobody opens the app for a week.
        syncSoon(this)
    }

    /** The list of recent apps shows an empty card: whoever holds the phone sees no child there. */
    private fun hideFromRecents() {
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) setRecentsScreenshotEnabled(false) else shield(true)
    }

    private fun shield(isOn: Boolean) {
        val secure = WindowManager.LayoutParams.FLAG_SECURE
        // Before Android 13 the list of recent apps can be kept empty by this alone.
        if (isOn || Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU) window.addFlags(secure) else window.clearFlags(secure)
    }
}
