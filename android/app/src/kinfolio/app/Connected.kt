package kinfolio.app

import android.content.Context
import android.net.ConnectivityManager
import android.net.NetworkCapabilities
import kinfolio.ui.Network
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

/** How the phone is connected, as Android tells. */
class Connected(context: Context) {
    private val shown = MutableStateFlow(Network.None)
    val state: StateFlow<Network> = shown

    init {
        val manager = context.getSystemService(ConnectivityManager::class.java)
        shown.value = kind(manager.getNetworkCapabilities(manager.activeNetwork))
        manager.registerDefaultNetworkCallback(
            object : ConnectivityManager.NetworkCallback() {
                override fun onCapabilitiesChanged(network: android.net.Network, capabilities: NetworkCapabilities) {
                    shown.value = kind(capabilities)
                }

                override fun onLost(network: android.net.Network) {
                    shown.value = Network.None
                }
            },
        )
    }
}

/** What costs by its bytes counts as mobile data, a phone's hotspot too. */
private fun kind(of: NetworkCapabilities?): Network = when {
    of == null || !of.hasCapability(NetworkCapabilities.NET_CAPABILITY_INTERNET) -> Network.None
    of.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED) -> Network.Wifi
    else -> Network.Mobile
}
