package kinfolio.app

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Intent
import android.content.pm.verify.domain.DomainVerificationManager
import android.content.pm.verify.domain.DomainVerificationUserState
import android.net.Uri
import android.os.Build
import androidx.browser.customtabs.CustomTabsIntent
import kinfolio.ui.Browser
import kinfolio.ui.ComeBack
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Where a server's page comes back to, where the phone knows that the server's links are this app's. */
private const val LINK_PATH = "/app/callback"

/** Where it comes back to from any other server. Another app could claim it: it gets a code that is worth nothing without this app's verifier (PKCE). */
private const val SCHEME_LINK = "app.kinfolio:/oauth2redirect"

/** A tab of the phone's own browser over the app. [came] hands on the links that open this app. */
class TabBrowser(private val activity: Activity) : Browser {
    @Volatile
    private var waiting: Waiting? = null

    /** Takes a link that opened the app; false: nobody waits for it. */
    fun came(link: Uri): Boolean = waiting?.take(link.toString()) ?: false

    override suspend fun comeBack(server: String): ComeBack = Waiting(redirect(Uri.parse(server).host)).also { waiting = it }

    override suspend fun open(url: String): Boolean = withContext(Dispatchers.Main) {
        try {
            CustomTabsIntent.Builder().setShowTitle(true).setShareState(CustomTabsIntent.SHARE_STATE_OFF).build().launchUrl(activity, Uri.parse(url))
            true
        } catch (_: ActivityNotFoundException) {
            false
        }
    }

    private fun redirect(host: String?) = if (host != null && isOurs(host)) "https://$host$LINK_PATH" else SCHEME_LINK

    /** Whether Android has verified that the host names this app (`/.well-known/assetlinks.json`). */
    private fun isOurs(host: String): Boolean {
        if (Build.VERSION.SDK_INT < Build.VERSION_CODES.S) return false
        val hosts = activity.getSystemService(DomainVerificationManager::class.java).getDomainVerificationUserState(activity.packageName)
        return hosts?.hostToStateMap?.get(host) == DomainVerificationUserState.DOMAIN_STATE_VERIFIED
    }

    private inner class Waiting(override val redirect: String) : ComeBack {
        private val callback = CompletableDeferred<String>()
        override val isLoopback = false

        fun take(link: String): Boolean = link.startsWith("$redirect?") && callback.complete(link)

        override suspend fun callback(): String = callback.await()

        override fun close() {
            if (waiting === this) waiting = null
        }
    }
}

/** The link that an intent brings, if it brings one. */
internal fun linkOf(intent: Intent): Uri? = intent.data.takeIf { intent.action == Intent.ACTION_VIEW }
