package kinfolio.ui.parts

import androidx.compose.foundation.Image
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.size
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.produceState
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.layout.ContentScale
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.role
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.Dp
import kinfolio.ui.stage.LocalStage

/** A photo, small. [says] is its description, or which one it is. */
@Composable
internal fun Photo(id: String, says: String, size: Dp, modifier: Modifier = Modifier) {
    val pictures = LocalStage.current.pictures
    val picture by produceState(pictures.held(id), id) { value = pictures.small(id) }
    Box(
        modifier.size(size).clip(MaterialTheme.shapes.small).background(MaterialTheme.colorScheme.surfaceVariant)
            .semantics {
                contentDescription = says
                role = Role.Image
            },
    ) {
        picture?.let { Image(it, null, Modifier.size(size), contentScale = ContentScale.Crop) }
    }
}
