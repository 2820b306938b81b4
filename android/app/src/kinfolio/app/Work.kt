package kinfolio.app

import android.content.Context
import androidx.work.Constraints
import androidx.work.CoroutineWorker
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.ExistingWorkPolicy
import androidx.work.NetworkType
import androidx.work.OneTimeWorkRequestBuilder
import androidx.work.PeriodicWorkRequestBuilder
import androidx.work.WorkManager
import androidx.work.WorkerParameters
import java.util.concurrent.TimeUnit
import kinfolio.bridge.Outcome
import kinfolio.bridge.Problem
import kinfolio.bridge.SignInState
import kinfolio.bridge.or
import kinfolio.ui.Network

private const val SYNC = "sync"
private const val SYNC_SOON = "sync-soon"
private const val TELL = "tell"

/** So often the phone fetches what others wrote, while nobody opens the app. */
private const val SYNC_HOURS = 6L

/** So often it is looked whether something is due. */
private const val TELL_HOURS = 1L

/** Plans what happens while nobody looks. Android chooses the moment, and keeps it over a restart of the phone. */
internal fun planWork(context: Context) {
    val work = WorkManager.getInstance(context)
    val sync = PeriodicWorkRequestBuilder<SyncWork>(SYNC_HOURS, TimeUnit.HOURS).setConstraints(online()).build()
    work.enqueueUniquePeriodicWork(SYNC, ExistingPeriodicWorkPolicy.KEEP, sync)
    work.enqueueUniquePeriodicWork(TELL, ExistingPeriodicWorkPolicy.KEEP, PeriodicWorkRequestBuilder<TellWork>(TELL_HOURS, TimeUnit.HOURS).build())
}

/** Sends what waits as soon as there is a connection. */
internal fun syncSoon(context: Context) {
    val sync = OneTimeWorkRequestBuilder<SyncWork>().setConstraints(online()).build()
    WorkManager.getInstance(context).enqueueUniqueWork(SYNC_SOON, ExistingWorkPolicy.KEEP, sync)
}

private fun online() = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).setRequiresStorageNotLow(true).build()

/** Syncs once, where sync is on. Stopped half way, the next time goes on there. */
class SyncWork(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val app = applicationContext as Kinfolio
        val core = app.core().or { return Result.retry() }
        if (!core.safety.isOn().or { false }) return Result.success()
        if (core.account.state().or { SignInState.Never } !is SignInState.Now) return Result.success()
        core.phones.resume()
        core.safety.onMobileData(app.network.value == Network.Mobile)
        return when (val done = core.safety.sync {}) {
            is Outcome.Done -> Result.success()
            // Everything else waits for a person, who sees it in the app.
            is Outcome.Failed -> if (done.problem is Problem.Offline) Result.retry() else Result.success()
        }
    }
}

/** Says that something is due: how many, never what or whose. */
class TellWork(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val app = applicationContext as Kinfolio
        val core = app.core().or { return Result.retry() }
        tell(app, core)
        return Result.success()
    }
}
