package kinfolio.ui.search

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.PaddingValues
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.lazy.LazyColumn
import androidx.compose.foundation.lazy.LazyListScope
import androidx.compose.foundation.lazy.items
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusRequester
import androidx.compose.ui.focus.focusRequester
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.bridge.Found
import kinfolio.bridge.FoundThing
import kinfolio.bridge.Kind
import kinfolio.bridge.ThingKind
import kinfolio.ui.entry.EntryPage
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Empty
import kinfolio.ui.parts.Failed
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.IconAction
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.TextAction
import kinfolio.ui.parts.TopBar
import kinfolio.ui.shelf.ItemPage
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Stage
import kinfolio.ui.stage.kept

/** One field for everything on the record: entries, captions, tags, file names, books, letters and the rest. */
data object SearchPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val model = kept { SearchModel(stage.core, it) }
        val state by model.state.collectAsState()
        val first = remember { FocusRequester() }
        var wasHere by rememberSaveable { mutableStateOf(false) }
        LaunchedEffect(model) { model.watch() }
        // Who comes back from what was found wants to go on reading, not typing.
        LaunchedEffect(Unit) {
            if (!wasHere) first.requestFocus()
            wasHere = true
        }
        Column(Modifier.fillMaxSize()) {
            TopBar(words["search"]) {
                if (state.text.isNotEmpty()) IconAction(Icons.Close, words["search_stop"], {
                    model.type("")
                    first.requestFocus()
                })
            }
            Field(words["search_for"], state.text, model::type, Modifier.padding(horizontal = 16.dp).focusRequester(first))
            val found = state.found
            when {
                state.failed != null -> Failed(words["search_failed", state.failed.orEmpty()], model::again, Modifier.padding(horizontal = 16.dp))
                found == null -> Help(words["search_help"], Modifier.padding(horizontal = 16.dp, vertical = 8.dp))
                found.isNothing -> Empty(words["search_nothing"], Modifier.padding(horizontal = 16.dp).semantics { liveRegion = LiveRegionMode.Polite })
                else -> Results(found, stage, model::more)
            }
        }
    }
}

@Composable
private fun Results(found: Found, stage: Stage, onMore: () -> Unit) {
    val words = stage.words
    Help(
        words.count(if (found.isAll) "found_count" else "found_first", (found.entries.size + found.things.size).toLong()),
        Modifier.padding(horizontal = 16.dp).semantics { liveRegion = LiveRegionMode.Polite },
    )
    LazyColumn(Modifier.fillMaxWidth(), contentPadding = PaddingValues(16.dp, 0.dp, 16.dp, 24.dp)) {
        if (found.entries.isNotEmpty()) {
            item { Head(words["found_entries"]) }
            items(found.entries, key = { it.entry }) { hit ->
                FoundRow(hit.title.ifEmpty { words["draft_without_words"] }, words.day(hit.day), hit.pieces) { stage.way.open(EntryPage(hit.entry)) }
                Line()
            }
            if (found.next != null) item { TextAction(words["show_more"], onMore) }
        }
        for (kind in ThingKind.entries) things(kind, found, stage)
    }
}

private fun LazyListScope.things(kind: ThingKind, found: Found, stage: Stage) {
    val these = found.things.filter { it.kind == kind }
    if (these.isEmpty()) return
    item { Head(stage.words["found_" + kind.name.lowercase()]) }
    items(these, key = { it.id }) { thing ->
        FoundRow(thing.title, thing.day?.let(stage.words::day).orEmpty(), thing.pieces, pageOf(thing)?.let { page -> { stage.way.open(page) } })
        Line()
    }
}

/** Where a found thing is read and written; plans have no page. */
private fun pageOf(thing: FoundThing): Page? = when (thing.kind) {
    ThingKind.Reading -> Kind.Reading
    ThingKind.Trip -> Kind.Trips
    ThingKind.Goal -> Kind.Goals
    ThingKind.Provider -> Kind.Providers
    ThingKind.Qualification -> Kind.Qualifications
    ThingKind.Letter -> Kind.Letters
    ThingKind.Plan -> null
}?.let { ItemPage(it, thing.id) }
