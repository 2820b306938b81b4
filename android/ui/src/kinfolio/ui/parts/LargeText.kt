package kinfolio.ui.parts

import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalDensity

/** From this text size on what stands side by side comes below each other. */
private const val LARGE = 1.6f

/** Texts are so large that things stand below each other. */
@Composable
internal fun isTextLarge(): Boolean = LocalDensity.current.fontScale >= LARGE
