package kinfolio.ui.look

import androidx.compose.material3.Typography
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontFamily
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.sp

/** The two faces of the app. The host loads them: where font files are is another matter on a phone than on a computer. */
class Faces(val text: FontFamily, val title: FontFamily)

/** Six styles, named by Material's roles. Nothing is smaller than 14. */
internal fun letters(faces: Faces, comfort: Comfort = Comfort()): Typography {
    val chosen = chosen(faces, comfort.letters)
    val wider = comfort.spacing.lines / Spacing.Normal.lines
    fun title(size: Int, line: Int) =
        TextStyle(fontFamily = chosen.title, fontWeight = FontWeight.SemiBold, fontSize = size.sp, lineHeight = (line * wider).sp)
    fun text(size: Int, line: Int, weight: FontWeight = FontWeight.Normal) =
        TextStyle(fontFamily = chosen.text, fontWeight = weight, fontSize = size.sp, lineHeight = (line * wider).sp)
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

/** The faces that these letters stand for. */
internal fun chosen(faces: Faces, letters: Letters): Faces = when (letters) {
    Letters.Clear -> faces
    Letters.Book -> Faces(faces.title, faces.title)
    Letters.Phone -> Faces(FontFamily.Default, FontFamily.Default)
}
