package kinfolio.screens

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.performTextReplacement
import kinfolio.ui.search.SearchPage
import kotlinx.coroutines.runBlocking

@OptIn(ExperimentalTestApi::class)
private fun ComposeUiTest.search(text: String, until: String) {
    onNode(hasSetTextAction()).performTextReplacement(text)
    waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText(until, substring = true)).fetchSemanticsNodes().isNotEmpty() }
}

@OptIn(ExperimentalTestApi::class)
internal val searchScreens = listOf(
    Pictured("search", "Search the whole record", way = { way, _ -> way.open(SearchPage) }),
    Pictured("search-found", "Search the whole record", way = { way, _ -> way.open(SearchPage) }, act = { search("th", "found") }),
    Pictured("search-nothing", "Search the whole record", way = { way, _ -> way.open(SearchPage) }, act = { search("dragons", "Nothing found") }),
    Pictured("search-failed", "Search the whole record", way = { way, _ -> way.open(SearchPage) }, act = { phone ->
        runBlocking { phone.core.close() }
        search("th", "did not work")
    }),
)
