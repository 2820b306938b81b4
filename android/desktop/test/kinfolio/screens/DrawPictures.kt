package kinfolio.screens

import androidx.compose.ui.graphics.asSkiaBitmap
import androidx.compose.ui.test.ExperimentalTestApi
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.Test
import org.jetbrains.skia.Image

/**
 * No test of the suite, which is why it isn't named as one: draws every screen into the folder that the property `kinfolio.screens`
 * names (`-Dtest=DrawPictures`); `kinfolio.only` picks those whose name holds it.
 */
@OptIn(ExperimentalTestApi::class)
class DrawPictures {
    @Test
    fun draw() {
        val folder = Path.of(checkNotNull(System.getProperty("kinfolio.screens")) { "name a folder: -Dkinfolio.screens=…" })
        val only = System.getProperty("kinfolio.only").orEmpty()
        for (variant in Variant.entries) {
            Files.createDirectories(folder.resolve(variant.name))
            for (of in GALLERY.filter { only in it.name }) show(of, variant) {
                val png = checkNotNull(Image.makeFromBitmap(picture().asSkiaBitmap()).encodeToData()) { "no picture" }
                Files.write(folder.resolve(variant.name).resolve("${of.name}.png"), png.bytes)
            }
        }
    }
}
