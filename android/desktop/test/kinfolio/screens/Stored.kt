package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import java.awt.image.BufferedImage
import java.nio.file.Path

/** A picture that the repository keeps: [of] the gallery, as it looks [by] one of the ways. */
@OptIn(ExperimentalTestApi::class)
internal class Stored(val of: String, val by: Variant = Variant.Light) {
    /** Where it is kept. */
    val file: Path get() = Path.of(System.getProperty("kinfolio.root")).resolve("android/desktop/screens").resolve(if (by == Variant.Light) "$of.png" else "$of.$by.png")

    /** Draws it as the app looks now. */
    fun draw(): BufferedImage {
        lateinit var drawn: BufferedImage
        show(GALLERY.single { it.name == of }, by) { drawn = small(picture()) }
        return drawn
    }
}

/** Nothing with the day of drawing, a new code or a thumbnail that may be late in it: two drawings of these are one picture. */
internal val STORED: List<Stored> = listOf(
    Stored("timeline"),
    Stored("timeline", Variant.Dark),
    Stored("timeline", Variant.LargeText),
    Stored("timeline", Variant.RightToLeft),
    Stored("timeline", Variant.Wide),
    Stored("timeline-filters"),
    Stored("timeline-nothing"),
    Stored("search-found"),
    Stored("calendar"),
    Stored("calendar", Variant.LargeAndNarrow),
    Stored("first-run"),
    Stored("entry"),
    Stored("entry", Variant.LargeAndNarrow),
    Stored("learners"),
    Stored("learner"),
    Stored("learner", Variant.Cream),
    Stored("family"),
    Stored("documents"),
    Stored("portfolio-names"),
    Stored("comfort"),
    Stored("reminders"),
    Stored("sync-safety-off"),
)
