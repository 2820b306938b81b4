package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Slot
import kinfolio.done
import kinfolio.ui.shelf.ItemPage
import kinfolio.ui.shelf.PrivatePage
import kinfolio.ui.shelf.ShelfPage
import kinfolio.ui.stage.Place
import kinfolio.ui.stage.Way
import kinfolio.ui.week.WeekPage
import kotlinx.coroutines.runBlocking

/** Two of a kind, the first one's and everybody's. */
private fun stocked(phone: TestPhone) {
    phone.fill()
    runBlocking {
        val first = phone.core.learners.list().done().first().id
        fun day(back: Long) = TODAY.minusDays(back).toString()
        val things = listOf(
            Kind.Reading to Item(mapOf(Slot.Title to "Owl Babies", Slot.Author to "Martin Waddell", Slot.Form to "book", Slot.How to "aloud", Slot.Started to day(9), Slot.Finished to day(2), Slot.Rating to "5"), listOf(first)),
            Kind.Reading to Item(mapOf(Slot.Title to "A field guide to birds of prey", Slot.Form to "book", Slot.Started to day(1))),
            Kind.Goals to Item(mapOf(Slot.Title to "Swim a length without the float", Slot.State to "done", Slot.Ended to day(3)), listOf(first)),
            Kind.Goals to Item(mapOf(Slot.Title to "Read a chapter alone", Slot.State to "open", Slot.Target to TODAY.plusDays(70).toString())),
            Kind.Plans to Item(mapOf(Slot.Title to "Pancakes, twice the recipe", Slot.First to day(0), Slot.Minutes to "60"), listOf(first)),
            Kind.Templates to Item(mapOf(Slot.Title to "Swimming", Slot.Weekdays to "2", Slot.First to day(40), Slot.Minutes to "45", Slot.Where to "away"), listOf(first)),
            Kind.Targets to Item(mapOf(Slot.First to "2025-09-01", Slot.DaysCount to "180", Slot.Hours to "900"), listOf(first)),
            Kind.Days to Item(mapOf(Slot.Mark to "ill", Slot.First to day(6), Slot.Last to day(5)), listOf(first)),
            Kind.Trips to Item(mapOf(Slot.Title to "The old mine", Slot.Place to "In the valley", Slot.First to day(12))),
            Kind.Providers to Item(mapOf(Slot.Title to "Chess club", Slot.Form to "club", Slot.Place to "Library")),
            Kind.Qualifications to Item(mapOf(Slot.Title to "Mathematics", Slot.Board to "An exam board", Slot.EnterBy to TODAY.plusDays(30).toString())),
            Kind.Skills to Item(mapOf(Slot.Group to "In the kitchen", Slot.Title to "Cracks an egg", Slot.State to "done", Slot.Ended to day(4)), listOf(first)),
            Kind.Letters to Item(mapOf(Slot.Sent to "yes", Slot.Title to "The council", Slot.About to "Our report", Slot.First to day(3))),
            Kind.Letters to Item(mapOf(Slot.Title to "The council", Slot.About to "Yearly enquiry", Slot.First to day(20), Slot.AnswerBy to TODAY.plusDays(9).toString())),
        )
        for ((kind, item) in things) phone.core.shelves[kind].add(item).done()
    }
}

private fun open(kind: Kind): (Way, TestPhone) -> Unit = { way, phone ->
    way.go(Place.Learners)
    way.open(ItemPage(kind, runBlocking { phone.core.shelves[kind].list().done() }.last().id))
}

private val seen = mapOf(
    Kind.Reading to "Owl Babies", Kind.Goals to "Read a chapter alone", Kind.Plans to "Pancakes", Kind.Templates to "Swimming", Kind.Targets to "900", Kind.Days to "Ill", Kind.Trips to "The old mine",
    Kind.Providers to "Chess club", Kind.Qualifications to "Mathematics", Kind.Skills to "Cracks an egg", Kind.Letters to "Yearly enquiry",
)

@OptIn(ExperimentalTestApi::class)
internal val shelfScreens = Kind.entries.filterNot { it.isPrivate }.flatMap { kind ->
    val name = "shelf-" + kind.name.lowercase()
    listOf(
        Pictured(name, seen.getValue(kind), fill = ::stocked, way = { way, _ ->
            way.go(Place.Learners)
            way.open(ShelfPage(kind))
        }),
        Pictured("$name-form", "Move to Trash", fill = ::stocked, way = open(kind)),
    )
} + listOf(
    Pictured("private", "Show them", way = { way, _ ->
        way.go(Place.Learners)
        way.open(PrivatePage)
    }),
    Pictured("private-open", "Show them", way = { way, _ ->
        way.go(Place.Learners)
        way.open(PrivatePage)
    }, act = {
        onNodeWithText("Show them").performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("Results of assessments")).fetchSemanticsNodes().isNotEmpty() }
    }),
    Pictured("week", "Pancakes", fill = ::stocked, way = { way, _ ->
        way.go(Place.Learners)
        way.open(WeekPage)
    }),
    Pictured("shelf-empty", "Nothing is noted here yet.", way = { way, _ ->
        way.go(Place.Learners)
        way.open(ShelfPage(Kind.Trips))
    }),
    Pictured("shelf-missing", "Add a book", way = { way, _ ->
        way.go(Place.Learners)
        way.open(ItemPage(Kind.Reading, null))
    }, act = {
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("Save")).fetchSemanticsNodes().isNotEmpty() }
        onNodeWithText("Save").performClick()
    }),
)
