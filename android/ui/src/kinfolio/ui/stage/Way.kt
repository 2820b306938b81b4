package kinfolio.ui.stage

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxHeight
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.width
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.VerticalDivider
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateListOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.runtime.setValue
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.ui.parts.Help
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.cancel
import kotlin.coroutines.CoroutineContext

/** The four places of the app. */
enum class Place { Timeline, Learners, Documents, Family }

/** A screen that lies over another. Two pages that are equal show the same. */
interface Page {
    @Composable
    fun Content()
}

/** A page while it is on the way: its models live as long as it does, not as long as it is seen. */
internal class Stop(val page: Page?, context: CoroutineContext, val isBeside: Boolean = false) {
    val scope = CoroutineScope(context + SupervisorJob(context[kotlinx.coroutines.Job]))
    val models = HashMap<String, Any>()
    val key = Any().hashCode().toString() + (page?.javaClass?.name ?: "root")

    fun end() = scope.cancel()
}

/** Where a parent is: in one of four places, and there under so many pages. */
class Way(private val context: CoroutineContext) {
    private val stops = Place.entries.associateWith { mutableStateListOf(Stop(null, context)) }
    var place by mutableStateOf(Place.Timeline)
        private set
    private var ended by mutableStateOf<Stop?>(null)

    internal val top: Stop get() = stops.getValue(place).last()
    internal val isAtRoot: Boolean get() = top.page == null

    fun open(page: Page) {
        if (top.page != page) stops.getValue(place).add(Stop(page, context, top.isBeside))
    }

    /** Opens a page over [from], in the stead of what lies there: beside a list, one thing follows the other. */
    internal fun openOver(from: Stop, page: Page) {
        while (top !== from && !isAtRoot) pop()
        if (top.page != page) stops.getValue(place).add(Stop(page, context, isBeside = true))
    }

    /** The root of this place. */
    internal val root: Stop get() = stops.getValue(place).first()

    /** To a place; to its root, when that is where one is. */
    fun go(to: Place) {
        if (to == place) while (!isAtRoot) pop()
        place = to
    }

    /** To the timeline's list. */
    internal fun home() {
        place = Place.Timeline
        while (!isAtRoot) pop()
    }

    /** One page back, or to the timeline; false: there is no further back. */
    fun back(): Boolean = when {
        !isAtRoot -> true.also { pop() }
        place != Place.Timeline -> true.also { place = Place.Timeline }
        else -> false
    }

    private fun pop() {
        stops.getValue(place).removeLast().end()
    }
}

internal val LocalStop = staticCompositionLocalOf<Stop> { error("pages stand on the way") }

/** A model that is there again, as it was, when a parent comes back to this page. */
@Suppress("UNCHECKED_CAST")
@Composable
internal fun <M : Any> kept(name: String = "", make: (CoroutineScope) -> M): M {
    val stop = LocalStop.current
    return remember(stop) { stop.models.getOrPut(name) { make(stop.scope) } as M }
}

/** From this width on the timeline's list stands beside what was opened from it. */
private val TWO_FROM = 744.dp
private val LIST = 420.dp

/** The page on top, or the root of its place; where there is room, what was opened from the timeline's list stands beside it. */
@Composable
internal fun Shown(way: Way, root: @Composable (Place) -> Unit) {
    val holder = rememberSaveableStateHolder()
    val one: @Composable (Stop) -> Unit = { stop ->
        CompositionLocalProvider(LocalStop provides stop) {
            holder.SaveableStateProvider(stop.key) { stop.page?.Content() ?: root(way.place) }
        }
    }
    BoxWithConstraints(Modifier.fillMaxSize()) {
        if (maxWidth < TWO_FROM || way.place != Place.Timeline || !(way.isAtRoot || way.top.isBeside)) one(way.top)
        else Row(Modifier.fillMaxSize()) {
            Box(Modifier.width(LIST).fillMaxHeight()) { one(way.root) }
            VerticalDivider(color = MaterialTheme.colorScheme.outlineVariant)
            Box(Modifier.weight(1f).fillMaxHeight()) {
                if (way.isAtRoot) Help(LocalStage.current.words["nothing_beside"], Modifier.padding(24.dp)) else one(way.top)
            }
        }
    }
}
