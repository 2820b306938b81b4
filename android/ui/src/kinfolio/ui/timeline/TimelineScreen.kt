package kinfolio.ui.timeline

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.lazy.rememberLazyListState
import androidx.compose.material3.ExtendedFloatingActionButton
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import java.time.Instant
import java.time.ZoneId
import kinfolio.bridge.SyncState
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.calendar.CalendarPage
import kinfolio.ui.entry.DraftsPage
import kinfolio.ui.entry.EntryPage
import kinfolio.ui.family.safety.SafetyPage
import kinfolio.ui.look.Icons
import kinfolio.ui.adding.AddingModel
import kinfolio.ui.adding.AddingSheet
import kinfolio.bridge.Wanted
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.IconAction
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.TopBar
import kinfolio.ui.search.SearchPage
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Sheet
import kinfolio.ui.parts.Wrong
import kinfolio.ui.parts.isTextLarge
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.trash.TrashPage
import kinfolio.ui.stage.LocalStop
import kinfolio.ui.stage.kept

/** Everything that was written down, newest first. */
@Composable
internal fun TimelineScreen() {
    val stage = LocalStage.current
    val (words, device) = stage.words to stage.device
    val model = kept { TimelineModel(stage.core, it) }
    val state by model.state.collectAsState()
    var adding by remember { mutableStateOf<AddingModel?>(null) }
    val stop = LocalStop.current
    val scope = stop.scope
    val add = { adding = AddingModel(stage.core, scope, device.today()) { words[it] } }
    LaunchedEffect(stage.wantsEntry) {
        if (stage.wantsEntry) add()
        stage.wantsEntry = false
    }
    LaunchedEffect(model) { model.watch() }
    val list = rememberLazyListState()
    val actions = RowActions({ stage.way.openOver(stop, EntryPage(it)) }, model::star) { id ->
        model.trash(id) { stage.notices.say(words["entry_to_trash"], words["undo"]) { stage.core.editing.bringBack(id) } }
    }
    val filterModel = kept("filters") { FilterModel(stage.core, it, words::get) }
    var filters by remember { mutableStateOf(false) }
    var months by remember { mutableStateOf(false) }
    // Once the rows of that month are in the list.
    LaunchedEffect(state.jump) {
        state.jump?.let { list.scrollToItem(state.place(it)) }
        model.jumped()
    }
    var showsMore by remember { mutableStateOf(false) }
    Box(Modifier.fillMaxSize()) {
        Column(Modifier.fillMaxSize()) {
            TopBar(words["timeline"]) {
                IconAction(Icons.Search, words["search"], { stage.way.openOver(stop, SearchPage) })
                // Where the text is large it stands under More: a narrow phone has no room for three.
                if (!isTextLarge()) IconAction(Icons.Calendar, words["calendar"], { stage.way.openOver(stop, CalendarPage) })
                IconAction(Icons.More, words["more_of_timeline"], { showsMore = true })
            }
            state.sync?.let { StateLine(it, device.zone) { stage.way.openOver(stop, SafetyPage) } }
            state.wrong?.let { Box(Modifier.padding(horizontal = 16.dp)) { Wrong(it) } }
            Row(verticalAlignment = Alignment.CenterVertically) {
                LearnerFilter(state, model::choose, Modifier.weight(1f))
                IconAction(Icons.Filter, words["filters"], { filters = true }, Modifier.padding(end = 4.dp))
            }
            if (state.wanted.narrowed > 0 && state.rows.isNotEmpty()) FiltersOn(state.wanted.narrowed) { model.narrow(Wanted(state.wanted.learner)) }
            when {
                state.hasFailed -> Failed(words["timeline_failed"], model::load, Modifier.padding(16.dp))
                state.rows.isEmpty() && state.isLoading -> Loading(Modifier.padding(16.dp))
                state.rows.isEmpty() -> Nothing(state) { model.narrow(Wanted()) }
                else -> EntryList(state, list, (stage.way.top.page as? EntryPage)?.id, model::more, actions)
            }
        }
        ExtendedFloatingActionButton(
            add,
            Modifier.align(Alignment.BottomEnd).padding(16.dp),
            shape = MaterialTheme.shapes.large,
            containerColor = MaterialTheme.colorScheme.primary,
            contentColor = MaterialTheme.colorScheme.onPrimary,
        ) {
            Icon(Icons.Add, null, Modifier.size(20.dp))
            Text(words["add_entry"], Modifier.padding(start = 16.dp), style = MaterialTheme.typography.labelLarge)
        }
    }
    if (showsMore) MoreSheet({ stage.way.openOver(stop, it) }, { months = true }) { showsMore = false }
    if (filters) FilterSheet(state, filterModel, model::narrow) { filters = false }
    if (months) MonthsSheet(state.months, model::jump) { months = false }
    adding?.let { AddingSheet(it, device.today()) { adding = null } }
}

@Composable
private fun MoreSheet(onPage: (Page) -> Unit, onMonths: () -> Unit, onClose: () -> Unit) {
    val words = LocalWords.current
    Sheet(words["timeline"], onClose) {
        val open = { page: Page ->
            onClose()
            onPage(page)
        }
        ListRow(words["calendar"], icon = Icons.Calendar) { open(CalendarPage) }
        ListRow(words["go_to_month"], icon = Icons.Week) {
            onClose()
            onMonths()
        }
        ListRow(words["drafts"], icon = Icons.Edit) { open(DraftsPage) }
        ListRow(words["trash"], icon = Icons.Trash) { open(TrashPage) }
    }
}

/** Where the record is, in a sentence that says no more than the server has confirmed. */
@Composable
private fun StateLine(of: SyncState, zone: ZoneId, onOpen: () -> Unit) {
    val colours = MaterialTheme.colorScheme
    Row(
        Modifier.fillMaxWidth().clickable(onClickLabel = LocalWords.current["safety"], role = Role.Button, onClick = onOpen).heightIn(min = 48.dp)
            .padding(horizontal = 16.dp).semantics { liveRegion = LiveRegionMode.Polite },
        verticalAlignment = Alignment.CenterVertically,
    ) {
        val picture = if (!of.isOn) Icons.OnPhone else if (of.waiting > 0) Icons.Waiting else Icons.Stored
        Icon(picture, null, Modifier.size(20.dp), tint = colours.onSurfaceVariant)
        Text(said(of, LocalWords.current, zone), Modifier.padding(start = 12.dp), style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
    }
}

private fun said(of: SyncState, words: Words, zone: ZoneId): String {
    val at = of.storedAtMs?.let { Instant.ofEpochMilli(it).atZone(zone) }
    return when {
        !of.isOn -> words["only_here"]
        of.waiting > 0 || at == null -> words.count("to_be_sent", of.waiting)
        else -> words["all_stored", "%02d:%02d".format(at.hour, at.minute)]
    }
}

/** That not everything is shown, and the way back to everything. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun FiltersOn(count: Int, onClear: () -> Unit) {
    val words = LocalWords.current
    FlowRow(Modifier.padding(horizontal = 16.dp), Arrangement.spacedBy(8.dp), itemVerticalAlignment = Alignment.CenterVertically) {
        Text(words.count("filters_on", count.toLong()), style = MaterialTheme.typography.bodyMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
        TextAction(words["clear_filters"], onClear)
    }
}

@Composable
private fun Nothing(state: TimelineState, onClear: () -> Unit) {
    val words = LocalWords.current
    val learner = state.learners.find { it.id == state.wanted.learner }
    when {
        state.wanted.narrowed > 0 -> Empty(words["search_nothing"], Modifier.padding(horizontal = 16.dp), words["clear_filters"], onClear)
        learner != null -> Empty(words["no_entries_for", learner.nickname], Modifier.padding(horizontal = 16.dp))
        else -> Empty(words["no_entries_yet"], Modifier.padding(horizontal = 16.dp))
    }
}
