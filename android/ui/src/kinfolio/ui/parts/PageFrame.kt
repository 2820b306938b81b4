package kinfolio.ui.parts

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.ui.LocalWords
import kinfolio.ui.look.Icons
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.LocalStop

/** A page: its bar, what scrolls, and the bar at its foot for the main action. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun PageFrame(
    title: String,
    actions: @Composable RowScope.() -> Unit = {},
    foot: (@Composable () -> Unit)? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    Column(Modifier.fillMaxSize()) {
        TopBar(title, actions)
        Box(Modifier.weight(1f).fillMaxWidth(), Alignment.TopCenter) {
            Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(horizontal = 16.dp).padding(bottom = 24.dp)) { content() }
        }
        foot?.let {
            Line()
            FlowRow(
                Modifier.fillMaxWidth().background(MaterialTheme.colorScheme.surfaceContainer).padding(16.dp, 12.dp),
                horizontalArrangement = Arrangement.SpaceBetween, verticalArrangement = Arrangement.spacedBy(8.dp),
                itemVerticalAlignment = Alignment.CenterVertically,
            ) { it() }
        }
    }
}

/** The bar of a page: the way back, its name, and few actions. At the root of a place the name is large and there is no way back. */
@Composable
internal fun TopBar(title: String, actions: @Composable RowScope.() -> Unit = {}) {
    val way = LocalStage.current.way
    Row(Modifier.fillMaxWidth().heightIn(min = 64.dp).padding(horizontal = 4.dp), verticalAlignment = Alignment.CenterVertically) {
        val isRoot = LocalStop.current.page == null
        if (!isRoot) IconAction(Icons.Back, LocalWords.current["back"], { way.back() })
        // Twice as large, the largest letters break a word on a narrow phone.
        val style = if (isRoot && !isTextLarge()) MaterialTheme.typography.headlineMedium else MaterialTheme.typography.titleLarge
        Text(title, Modifier.weight(1f).padding(start = if (isRoot) 12.dp else 4.dp).semantics { heading() }, style = style)
        actions()
    }
}

/** A card groups facts. */
@Composable
internal fun Card(modifier: Modifier = Modifier, colour: Color = MaterialTheme.colorScheme.surfaceContainer, content: @Composable ColumnScope.() -> Unit) {
    Column(
        modifier.fillMaxWidth().background(colour, MaterialTheme.shapes.medium)
            .border(1.dp, MaterialTheme.colorScheme.outlineVariant, MaterialTheme.shapes.medium).padding(16.dp, 12.dp),
    ) { content() }
}

/** The name of a part of a page. What stands at its end comes below it where the text is large. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun Head(text: String, modifier: Modifier = Modifier, end: @Composable () -> Unit = {}) {
    FlowRow(
        modifier.fillMaxWidth().padding(top = 20.dp, bottom = 4.dp).heightIn(min = 32.dp),
        horizontalArrangement = Arrangement.SpaceBetween, itemVerticalAlignment = Alignment.CenterVertically,
    ) {
        Text(text, Modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
        end()
    }
}

/** A label over something that is chosen or typed. */
@Composable
internal fun Label(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier.padding(top = 12.dp, bottom = 4.dp), style = MaterialTheme.typography.labelMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
}

/** A sentence of help, at most 60 characters wide. */
@Composable
internal fun Help(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier.widthIn(max = 480.dp).padding(vertical = 4.dp), style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
}
