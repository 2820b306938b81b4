package kinfolio.ui.look

import androidx.compose.material3.Typography
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.sp

/** The two faces of the app. The host loads them: where font files are is another matter on a phone than on a computer. */
class Faces(val text: FontFamily, val title: FontFamily)

/** Six styles, named by Material's roles. Nothing is smaller than 14. */
internal fun letters(faces: Faces): Typography {
    fun title(size: Int, line: Int) =
        TextStyle(fontFamily = faces.title, fontWeight = FontWeight.SemiBold, fontSize = size.sp, lineHeight = line.sp)
    fun text(size: Int, line: Int, weight: FontWeight = FontWeight.Normal) =
        TextStyle(fontFamily = faces.text, fontWeight = weight, fontSize = size.sp, lineHeight = line.sp)
    return Typography(
        headlineMedium = title(28, 35),
        titleLarge = title(20, 25),
        titleMedium = title(16, 20),
        bodyLarge = text(16, 23),
        labelLarge = text(16, 23, FontWeight.SemiBold),
        bodyMedium = text(14, 20),
        labelMedium = text(14, 20, FontWeight.SemiBold),
    )
}
