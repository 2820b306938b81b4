package kinfolio.screens

import java.nio.file.Files
import javax.imageio.ImageIO
import kotlin.test.Test

/** No test of the suite, like [DrawPictures]: stores the chosen pictures anew (`./dev app --renew-screens`). */
class RenewPictures {
    @Test
    fun renew() = STORED.forEach {
        Files.createDirectories(it.file.parent)
        ImageIO.write(it.draw(), "png", it.file.toFile())
    }
}
