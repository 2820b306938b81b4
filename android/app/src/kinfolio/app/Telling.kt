package kinfolio.app

import android.Manifest
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.Context
import android.content.Intent
import android.content.pm.PackageManager
import android.os.Build
import java.time.LocalDate
import java.time.LocalTime
import kinfolio.bridge.Core
import kinfolio.bridge.or

private const val CHANNEL = "due"
private const val NUMBER = 1
private const val TOLD = "told"

/** The one kind of notification there is, so that a parent can turn it off in the phone's settings. */
internal fun makeChannel(app: Kinfolio) {
    val channel = NotificationChannel(CHANNEL, app.getString(R.string.reminders), NotificationManager.IMPORTANCE_LOW)
    channel.lockscreenVisibility = Notification.VISIBILITY_PRIVATE
    app.getSystemService(NotificationManager::class.java).createNotificationChannel(channel)
}

/** Tells what is due and was not told today. On a lock screen or a watch others read along: only a number is said. */
internal suspend fun tell(app: Kinfolio, core: Core) {
    val today = LocalDate.now()
    val due = core.due.told(today, LocalTime.now()).or { emptyList() }
    val told = app.memos.read(TOLD)?.split(' ').orEmpty().takeIf { it.firstOrNull() == today.toString() }.orEmpty()
    if (due.all { it in told } || !mayTell(app)) return
    val open = PendingIntent.getActivity(app, 0, Intent(app, MainActivity::class.java), PendingIntent.FLAG_IMMUTABLE)
    val notification = Notification.Builder(app, CHANNEL)
        .setSmallIcon(R.drawable.notice)
        .setContentTitle(app.words.count("reminders_due", due.size.toLong()))
        .setContentIntent(open)
        .setAutoCancel(true)
        .build()
    app.getSystemService(NotificationManager::class.java).notify(NUMBER, notification)
    app.memos.write(TOLD, (listOf(today.toString()) + due).joinToString(" "))
}

private fun mayTell(context: Context) = Build.VERSION.SDK_INT < Build.VERSION_CODES.TIRAMISU ||
    context.checkSelfPermission(Manifest.permission.POST_NOTIFICATIONS) == PackageManager.PERMISSION_GRANTED
