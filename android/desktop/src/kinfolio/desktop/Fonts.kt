package kinfolio.desktop

import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.platform.Font
import kinfolio.ui.look.Faces

/** The app's two faces, from the files inside it. */
fun faces() = Faces(family("atkinson"), family("literata"))

private fun family(name: String) = FontFamily(
    Font("fonts/$name-400.ttf", FontWeight.Normal),
    Font("fonts/$name-600.ttf", FontWeight.SemiBold),
)
