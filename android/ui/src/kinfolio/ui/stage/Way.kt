package kinfolio.ui.stage

import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateListOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveableStateHolder
import androidx.compose.runtime.setValue
import androidx.compose.runtime.staticCompositionLocalOf
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
internal class Stop(val page: Page?, context: CoroutineContext) {
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
        if (top.page != page) stops.getValue(place).add(Stop(page, context))
    }

    /** To a place; to its root, when that is where one is. */
    fun go(to: Place) {
        if (to == place) while (!isAtRoot) pop()
        place = to
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

/** The page on top, or the root of its place. */
@Composable
internal fun Shown(way: Way, root: @Composable (Place) -> Unit) {
    val holder = rememberSaveableStateHolder()
    val top = way.top
    CompositionLocalProvider(LocalStop provides top) {
        holder.SaveableStateProvider(top.key) { top.page?.Content() ?: root(way.place) }
    }
}
