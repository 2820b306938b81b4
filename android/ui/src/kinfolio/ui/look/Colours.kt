package kinfolio.ui.look

import androidx.compose.material3.ColorScheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.ui.graphics.Color

/** The three looks of the app: the parent chooses one, or lets the phone choose between light and dark. */
enum class Look { Light, Cream, Dark }

private class Tokens(
    val background: Long, val surface: Long, val fill: Long, val ink: Long, val ink2: Long, val line: Long, val outline: Long,
    val accent: Long, val onAccent: Long, val accentFill: Long, val onAccentFill: Long,
    val clay: Long, val onClay: Long, val clayFill: Long, val onClayFill: Long, val scrim: Long,
)

private val light = Tokens(
    0xFFFBF6EC, 0xFFFFFFFF, 0xFFF3ECDD, 0xFF2A2723, 0xFF5C554B, 0xFFD9CFBD, 0xFF857B6A,
    0xFF1E6A58, 0xFFFFFFFF, 0xFFDBEAE2, 0xFF123F34, 0xFFA8481F, 0xFFFFFFFF, 0xFFF9E4D8, 0xFF6B2B10, 0x702A2723,
)
private val cream = Tokens(
    0xFFF5E9CF, 0xFFFCF4E2, 0xFFEBDDBD, 0xFF2A2723, 0xFF544D42, 0xFFD0C09C, 0xFF7C715A,
    0xFF1A5F4F, 0xFFFFFFFF, 0xFFD5E2CC, 0xFF123F34, 0xFF96401B, 0xFFFFFFFF, 0xFFF4DCC4, 0xFF6B2B10, 0x702A2723,
)
private val dark = Tokens(
    0xFF1B1A17, 0xFF26241F, 0xFF322F28, 0xFFEFE8DB, 0xFFB9AF9F, 0xFF3F3B33, 0xFF8F8677,
    0xFF7CCDB4, 0xFF0B3529, 0xFF22483D, 0xFFCDEFE3, 0xFFF0A27C, 0xFF3A1A08, 0xFF4F2E1C, 0xFFFFDCC9, 0x8F000000,
)

/** A look as Material's roles. No colour is taken from the phone's wallpaper. */
internal fun scheme(look: Look): ColorScheme = when (look) {
    Look.Light -> lightColorScheme().with(light)
    Look.Cream -> lightColorScheme().with(cream)
    Look.Dark -> darkColorScheme().with(dark)
}

private fun ColorScheme.with(of: Tokens) = copy(
    background = Color(of.background), surface = Color(of.background), surfaceContainerLow = Color(of.background),
    surfaceContainer = Color(of.surface), surfaceContainerHigh = Color(of.surface), surfaceContainerLowest = Color(of.surface),
    surfaceVariant = Color(of.fill), surfaceContainerHighest = Color(of.fill),
    onBackground = Color(of.ink), onSurface = Color(of.ink), onSurfaceVariant = Color(of.ink2), secondary = Color(of.ink2),
    outlineVariant = Color(of.line), outline = Color(of.outline),
    primary = Color(of.accent), onPrimary = Color(of.onAccent), tertiary = Color(of.accent), surfaceTint = Color.Transparent,
    primaryContainer = Color(of.accentFill), onPrimaryContainer = Color(of.onAccentFill),
    secondaryContainer = Color(of.accentFill), onSecondaryContainer = Color(of.onAccentFill),
    error = Color(of.clay), onError = Color(of.onClay), errorContainer = Color(of.clayFill), onErrorContainer = Color(of.onClayFill),
    inverseSurface = Color(of.ink), inverseOnSurface = Color(of.background), scrim = Color(of.scrim),
)

/** The colours of learners, in the order in which they are given out: as the record keeps it, on light paper, and on the others. */
enum class LearnerColour(val kept: String, private val onLight: Long, private val onOthers: Long) {
    Plum("#8a4b9c", 0xFF8A4B9C, 0xFFD3A6E2),
    Blue("#2f5fa8", 0xFF2F5FA8, 0xFF9CBDF2),
    Olive("#7a6400", 0xFF7A6400, 0xFFD8C25E),
    Rose("#a3365e", 0xFFA3365E, 0xFFF2A0BF),
    Moss("#3f6b1f", 0xFF3F6B1F, 0xFFA8D083),
    Slate("#4e5a66", 0xFF4E5A66, 0xFFB4C1CD),
    Green("#1e6a58", 0xFF1E6A58, 0xFF7CCDB4),
    Clay("#a8481f", 0xFFA8481F, 0xFFF0A27C);

    internal fun on(look: Look) = Color(if (look == Look.Dark) onOthers else onLight)

    companion object {
        /** The colour that the record keeps under this name; of an older or newer app's, the first. */
        fun of(kept: String): LearnerColour = entries.find { it.kept == kept.lowercase() } ?: Plum

        /** The next one for a family with so many learners. */
        fun next(learners: Int): LearnerColour = entries[learners % entries.size]
    }
}
