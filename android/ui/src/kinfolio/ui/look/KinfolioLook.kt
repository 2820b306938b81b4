package kinfolio.ui.look

import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Surface
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.unit.dp

internal val LocalLook = staticCompositionLocalOf { Look.Light }

/** Everything inside looks like Kinfolio. */
@Composable
fun KinfolioLook(look: Look, faces: Faces, content: @Composable () -> Unit) {
    CompositionLocalProvider(LocalLook provides look) {
        MaterialTheme(
            colorScheme = scheme(look),
            typography = letters(faces),
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
