package kinfolio.ui.firstrun

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.ui.Device
import kinfolio.ui.LocalWords
import kinfolio.ui.Outside
import kinfolio.ui.parts.TextAction

/** The app with the sample family in it, and the way out above it. It can make documents, and turn nothing on that leaves this phone. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun SampleHome(sample: Sample, device: Device, onLeave: () -> Unit, home: @Composable (Device) -> Unit) {
    val words = LocalWords.current
    val shown = remember(sample) {
        val outside = Outside(photos = device.outside.photos, saves = device.outside.saves, shield = device.outside.shield)
        Device(sample.core, device.words, device.faces, device.look, device.zone, outside, device.today)
    }
    Column(Modifier.fillMaxSize()) {
        Surface(Modifier.fillMaxWidth(), color = MaterialTheme.colorScheme.primaryContainer) {
            FlowRow(Modifier.padding(start = 16.dp)) {
                Text(
                    words["sample_is"], Modifier.weight(1f).align(Alignment.CenterVertically), style = MaterialTheme.typography.bodyMedium,
                    color = MaterialTheme.colorScheme.onPrimaryContainer,
                )
                TextAction(words["sample_leave"], onLeave)
            }
        }
        Box(Modifier.weight(1f)) { home(shown) }
    }
}
