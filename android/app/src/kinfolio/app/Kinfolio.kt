package kinfolio.app

import android.app.Application
import android.os.Build
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.ui.Words
import kinfolio.ui.english
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** The app's process. The record is opened once, for the window, for what is shared into the app, and for the work in the background. */
class Kinfolio : Application() {
    private val opening = Mutex()
    private var opened: Core? = null
    val words: Words by lazy { english() }
    val memos by lazy { PreferenceMemos(this) }
    val network by lazy { Connected(this).state }

    override fun onCreate() {
        super.onCreate()
        makeChannel(this)
        planWork(this)
    }

    /** The record of this phone. */
    suspend fun core(): Outcome<Core> = opening.withLock {
        opened?.let { return@withLock Outcome.Done(it) }
        // Cloud backup and device transfer never read this folder, whatever rules they are given: a record must not arrive without its key.
        val secrets = KeystoreSecrets(noBackupFilesDir.resolve("secrets"))
        Core.open(noBackupFilesDir.resolve("record").path, Build.MODEL, secrets, PlatformDecoder()).also { if (it is Outcome.Done) opened = it.value }
    }
}
