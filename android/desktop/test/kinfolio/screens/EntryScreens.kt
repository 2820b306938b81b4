package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import kinfolio.TestPhone
import kinfolio.bridge.Wanted
import kinfolio.done
import kinfolio.ui.entry.EntryPage
import kinfolio.ui.entry.HistoryPage
import kinfolio.ui.trash.TrashPage
import kotlinx.coroutines.runBlocking

private fun entry(phone: TestPhone, title: String) =
    runBlocking { phone.core.entries.timeline(Wanted(), null, 50).done() }.entries.single { it.title == title }.id

private fun thrownAway(phone: TestPhone) {
    phone.fill()
    runBlocking { phone.core.entries.trash(entry(phone, "Swimming")).done() }
}

@OptIn(ExperimentalTestApi::class)
internal val entryScreens = listOf(
    Pictured("entry", "Only on Otter’s pages", way = { way, phone -> way.open(EntryPage(entry(phone, "Volcano with vinegar"))) }),
    Pictured("entry-history", "There is no earlier version.", way = { way, phone -> way.open(HistoryPage(entry(phone, "Swimming"))) }),
    Pictured("trash", "Swimming", fill = ::thrownAway, way = { way, _ -> way.open(TrashPage) }),
)
