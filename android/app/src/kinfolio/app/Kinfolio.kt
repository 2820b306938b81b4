package kinfolio.app

import android.app.Application
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.content.IntentFilter
import android.os.Build
import kinfolio.bridge.Core
import kinfolio.bridge.Inbox
import kinfolio.bridge.Outcome
import kinfolio.ui.Words
import kinfolio.ui.english
import kinfolio.ui.family.lock.Guard
import kinfolio.ui.family.lock.kept.FileSecrets

/** The app's process. The record is opened once, for the window, for what is shared into the app, and for the work in the background. */
class Kinfolio : Application() {
    val words: Words by lazy { english() }
    val memos by lazy { PreferenceMemos(this) }
    val network by lazy { Connected(this).state }

    // Cloud backup and device transfer never read this folder, whatever rules they are given: a record must not arrive without its key.
    private val record get() = noBackupFilesDir.resolve("record").path

    /** What is shared and noted while the record is locked. */
    val inbox by lazy { Inbox(record) }

    /** Opens the record, and locks it. */
    val guard: Guard by lazy {
        val finger = PromptedFinger(this, { words["locked"] }, { words["use_pin"] })
        val secrets = FileSecrets(noBackupFilesDir.resolve("secrets").toPath(), KeystoreSecrets(noBackupFilesDir.resolve("device")), finger = finger)
        Guard(secrets, memos) { Core.open(record, Build.MODEL, secrets, PlatformDecoder()) }
    }

    override fun onCreate() {
        super.onCreate()
        makeChannel(this)
        planWork(this)
        val dark = object : BroadcastReceiver() {
            override fun onReceive(context: Context, intent: Intent) = guard.wentDark()
        }
        registerReceiver(dark, IntentFilter(Intent.ACTION_SCREEN_OFF))
    }

    /** The record of this phone, where no PIN keeps it shut. */
    suspend fun core(): Outcome<Core> = guard.core()
}
