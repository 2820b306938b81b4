package kinfolio.app

import android.content.res.AssetManager
import android.content.res.Configuration
import android.content.res.Resources
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.font.Font
import java.time.LocalDate
import java.time.ZoneId
import kinfolio.bridge.Core
import kinfolio.ui.Device
import kinfolio.ui.Outside
import kinfolio.ui.look.Faces
import kinfolio.ui.look.Look

/** What the screens need of this phone. */
internal fun device(app: Kinfolio, core: Core, outside: Outside) =
    Device(core, app.words, faces(app.assets), look(app.resources), ZoneId.systemDefault(), outside, LocalDate::now)

/** Dark where the phone is. */
internal fun look(of: Resources): Look {
    val night = of.configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK
    return if (night == Configuration.UI_MODE_NIGHT_YES) Look.Dark else Look.Light
}

/** The app's two faces, from its assets. */
internal fun faces(assets: AssetManager) = Faces(family("atkinson", assets), family("literata", assets))

private fun family(name: String, assets: AssetManager) = FontFamily(
    Font("fonts/$name-400.ttf", assets, FontWeight.Normal),
    Font("fonts/$name-600.ttf", assets, FontWeight.SemiBold),
)
