package kinfolio.ui.stage

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch

/** One reading at a time: what is begun takes the place of what is under way, so that an older answer never comes after a newer one. */
internal class Latest(private val scope: CoroutineScope) {
    private var job: Job? = null

    fun begin(what: suspend () -> Unit) {
        job?.cancel()
        job = scope.launch { what() }
    }
}
