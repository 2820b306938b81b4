package kinfolio.ui.look

import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.LocalRippleConfiguration
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.RippleConfiguration
import androidx.compose.material3.Shapes
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.unit.dp

internal val LocalLook = staticCompositionLocalOf { Look.Light }

/** Whether nothing is to move. */
internal val LocalStill = staticCompositionLocalOf { false }

/** Everything inside looks like Kinfolio, as the parent wants to read it. [phone] is how the phone is. */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
fun KinfolioLook(phone: Look, faces: Faces, comfort: Comfort = Comfort(), content: @Composable () -> Unit) {
    val look = comfort.look ?: phone
    val ripple = if (comfort.isStill) null else RippleConfiguration()
    CompositionLocalProvider(LocalLook provides look, LocalStill provides comfort.isStill, LocalRippleConfiguration provides ripple) {
        MaterialTheme(
            colorScheme = scheme(look),
            typography = letters(faces, comfort),
            shapes = Shapes(
                small = RoundedCornerShape(8.dp),
                medium = RoundedCornerShape(12.dp),
                large = RoundedCornerShape(16.dp),
                extraLarge = RoundedCornerShape(topStart = 20.dp, topEnd = 20.dp),
            ),
        ) {
            Surface(color = MaterialTheme.colorScheme.background, content = content)
        }
    }
}
