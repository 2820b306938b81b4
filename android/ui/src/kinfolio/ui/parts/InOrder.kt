package kinfolio.ui.parts

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.runtime.Composable
import androidx.compose.ui.unit.dp
import kinfolio.ui.LocalWords
import kinfolio.ui.look.Icons

/** Where something stands in its list, and buttons that move it: nothing has to be dragged. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun InOrder(at: Int, count: Int, onMove: (Int) -> Unit) {
    val words = LocalWords.current
    if (count < 2) return
    Help(words["place_in_list", at + 1, count])
    FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
        if (at > 0) OtherButton(words["up_the_list"], { onMove(-1) }, icon = Icons.Up)
        if (at < count - 1) OtherButton(words["down_the_list"], { onMove(1) }, icon = Icons.Down)
    }
}

/** The list with one of it so many places further down; null where there is no such place. */
internal fun moved(ids: List<String>, id: String, by: Int): List<String>? {
    val from = ids.indexOf(id)
    if (from < 0 || from + by !in ids.indices) return null
    return ids.toMutableList().apply { add(from + by, removeAt(from)) }
}
