package kinfolio.ui

import androidx.compose.foundation.focusable
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.input.key.KeyEventType
import androidx.compose.ui.input.key.isCtrlPressed
import androidx.compose.ui.input.key.key
import androidx.compose.ui.input.key.onKeyEvent
import androidx.compose.ui.input.key.type
import androidx.compose.ui.unit.dp
import kinfolio.bridge.or
import kinfolio.ui.documents.DocumentsScreen
import kinfolio.ui.family.FamilyScreen
import kinfolio.ui.family.lock.HandOver
import kinfolio.ui.family.phones.JoinPage
import kinfolio.ui.family.signin.sentence
import kinfolio.ui.firstrun.FirstRunModel
import kinfolio.ui.firstrun.FirstRunScreen
import kinfolio.ui.firstrun.Sample
import kinfolio.ui.firstrun.SampleHome
import kinfolio.ui.learners.LearnersScreen
import kinfolio.ui.look.KinfolioLook
import kinfolio.ui.stage.Frame
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.NoticeLine
import kinfolio.ui.stage.Notices
import kinfolio.ui.stage.Place
import kinfolio.ui.stage.Shown
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.Syncing
import kinfolio.ui.stage.Way
import kinfolio.ui.timeline.TimelineScreen
import kotlinx.coroutines.launch

/** The whole app, on whatever runs it. [start] hears of the way through its pages: where the platform's own way back leads. */
@Composable
fun App(device: Device, start: (Way) -> Unit = {}) {
    CompositionLocalProvider(LocalWords provides device.words) {
        val comfort by device.comfort.state.collectAsState()
        KinfolioLook(device.look, device.faces, comfort) {
            // Null until the record has said whether somebody is there.
            var isFirstRun by remember { mutableStateOf<Boolean?>(null) }
            LaunchedEffect(device) { isFirstRun = device.core.learners.list().or { emptyList() }.isEmpty() }
            when (isFirstRun) {
                null -> Box(Modifier.fillMaxSize())
                true -> First(device, start) { isFirstRun = false }
                false -> Home(device, start)
            }
        }
    }
}

@Composable
private fun First(device: Device, start: (Way) -> Unit, onDone: () -> Unit) {
    val scope = rememberCoroutineScope()
    var sample by remember { mutableStateOf<Sample?>(null) }
    val leave = {
        val left = sample
        sample = null
        scope.launch { left?.close() }
        Unit
    }
    sample?.let { return SampleHome(it, device, leave) { shown -> Home(shown, start) } }
    val look = device.outside.throwaway?.let { throwaway ->
        { scope.launch { sample = Sample.open(throwaway, device.words, device.today()).or { null } }; Unit }
    }
    val model = remember { FirstRunModel(device.core, scope, device.today(), { device.words[it] }, onDone) }
    // A stage of its own: a family can be joined from here, before anything is written.
    val stage = staged(device, start, onDone)
    CompositionLocalProvider(LocalStage provides stage) { Shown(stage.way) { FirstRunScreen(model, { stage.way.open(JoinPage) }, look) } }
}

@Composable
private fun Home(device: Device, start: (Way) -> Unit) {
    val stage = staged(device, start)
    LaunchedEffect(stage) { takeIn(stage) }
    CompositionLocalProvider(LocalStage provides stage) {
        val keys = Modifier.onKeyEvent {
            it.type == KeyEventType.KeyDown && if (it.key == Key.Escape) stage.way.back() else it.isCtrlPressed && stage.shortcut(it.key)
        }
        // Keys go to what has the focus: a page that asks for none leaves it here.
        val focus = remember { FocusRequester() }
        LaunchedEffect(stage.way.top) { focus.requestFocus() }
        Box(Modifier.fillMaxSize().then(keys).focusRequester(focus).focusable()) {
            val guard = device.outside.guard
            val handed = guard?.handed?.collectAsState()?.value
            if (guard != null && handed != null) return@Box HandOver(guard, handed)
            Frame {
                Shown(stage.way) { Root(it) }
                NoticeLine(stage.notices, Modifier.align(Alignment.BottomCenter).padding(16.dp))
            }
        }
    }
}

/** What was shared or noted while the record was locked becomes drafts. */
private suspend fun takeIn(stage: Stage) {
    val taken = stage.core.waiting.takeIn().or { return }
    val words = stage.words
    if (taken.problems.isNotEmpty()) stage.notices.say(words["not_all_came_in", taken.problems.joinToString(" ") { sentence(it) }])
    else if (taken.drafts > 0) stage.notices.say(words.count("came_in", taken.drafts.toLong()))
}

@Composable
private fun staged(device: Device, start: (Way) -> Unit = {}, onJoined: () -> Unit = {}): Stage {
    val scope = rememberCoroutineScope()
    return remember(device) {
        Stage(device, Way(scope.coroutineContext).also(start), Notices(scope), Syncing(device.core, device.outside.network, scope.coroutineContext), onJoined)
    }
}

@Composable
private fun Root(of: Place) = when (of) {
    Place.Timeline -> TimelineScreen()
    Place.Learners -> LearnersScreen()
    Place.Documents -> DocumentsScreen()
    Place.Family -> FamilyScreen()
}
