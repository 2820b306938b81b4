package kinfolio

import androidx.compose.ui.ImageComposeScene
import androidx.compose.ui.unit.Density
import androidx.compose.runtime.Composable
import java.nio.file.Files
import java.nio.file.Path

/** A screen as a picture, at twice its size. [frames]: so often it is drawn, for what loads. */
fun shoot(to: Path, width: Int = 411, height: Int = 891, fontScale: Float = 1f, frames: Int = 20, content: @Composable () -> Unit) {
    val scene = ImageComposeScene(width * 2, height * 2, Density(2f, fontScale), content = content)
    try {
        repeat(frames - 1) { scene.render(it * 16_000_000L); Thread.sleep(20) }
        val picture = scene.render(frames * 16_000_000L).encodeToData() ?: error("no picture")
        Files.createDirectories(to.parent)
        Files.write(to, picture.bytes)
    } finally {
        scene.close()
    }
}
