package kinfolio.screens

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.onFirst
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.performClick
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Form
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Paperwork
import kinfolio.bridge.Period
import kinfolio.bridge.Portfolio
import kinfolio.bridge.Slot
import kinfolio.done
import kinfolio.ui.documents.PortfolioNamesPage
import kinfolio.ui.documents.PortfolioPage
import kinfolio.ui.documents.TablesPage
import kinfolio.ui.documents.WeekSheetPage
import kinfolio.ui.documents.WholeRecordPage
import kinfolio.ui.reports.NewReportPage
import kinfolio.ui.reports.PrintPage
import kinfolio.ui.reports.RegisterPage
import kinfolio.ui.reports.ReportPage
import kinfolio.ui.reports.ReportsPage
import kinfolio.ui.reports.SectionPage
import kinfolio.ui.reports.TakeInPage
import kinfolio.ui.stage.Place
import kotlinx.coroutines.runBlocking

private fun report(phone: TestPhone) = runBlocking {
    val hedgehog = phone.core.learners.list().done().first().id
    phone.core.reports.begin(Form.England, hedgehog, Period(TODAY.minusDays(200), TODAY)).done()
}

private fun kept(phone: TestPhone) = runBlocking { phone.core.reports.list().done() }.first()

private fun withOne(phone: TestPhone) {
    phone.fill()
    val id = report(phone)
    runBlocking {
        val open = phone.core.reports.open(id).done()
        // A nickname that nobody marked: a place to check.
        phone.core.reports.write(open, open.report.sections.first().key, "Our Hedgehog is curious, and @Hedgehog likes water.").done()
    }
}

/** A nickname that is a word, too, and somebody else's name. */
private fun withOthers(phone: TestPhone) {
    phone.fill()
    runBlocking {
        val hedgehog = phone.core.learners.list().done().first().id
        phone.core.entries.create(TODAY, "A walk\nWe saw a hedgehog in the hedge, and Hedgehog told Priya Shah of it.", setOf(hedgehog), onRecord = true).done()
    }
}

private fun withNeeds(phone: TestPhone) {
    withOne(phone)
    runBlocking {
        val hedgehog = phone.core.learners.list().done().first().id
        phone.core.shelves.unlock().done()
        val hearing = mapOf(Slot.Title to "Hearing", Slot.First to "2026-03-02", Slot.Note to "Sits in front, and is spoken to face to face.")
        val reading = mapOf(Slot.Title to "Reading test", Slot.First to "2026-03-09", Slot.Result to "108")
        phone.core.shelves[Kind.Needs].add(Item(hearing, listOf(hedgehog))).done()
        phone.core.shelves[Kind.Assessments].add(Item(reading, listOf(hedgehog))).done()
        phone.core.shelves.lock()
    }
}

private fun portfolio(phone: TestPhone) = runBlocking { Portfolio(phone.core.learners.list().done().first().id, Period(TODAY.minusDays(200), TODAY)) }

@OptIn(ExperimentalTestApi::class)
private fun ComposeUiTest.menu() = onAllNodes(hasContentDescription("More")).onFirst().performClick()

@OptIn(ExperimentalTestApi::class)
internal val reportScreens = listOf(
    Pictured("documents", "For a council", way = { way, _ -> way.go(Place.Documents) }),
    Pictured("portfolio-begun", "Whose", way = { way, _ -> way.open(PortfolioPage) }),
    Pictured("portfolio", "Hedgehog", way = { way, _ -> way.open(PortfolioPage) }, act = {
        onAllNodes(hasContentDescription("Hedgehog")).onFirst().performClick()
        waitUntil(timeoutMillis = 10_000) { onAllNodes(hasText("under 1 MB", substring = true)).fetchSemanticsNodes().isNotEmpty() }
    }),
    Pictured("portfolio-names", "What never leaves this phone", fill = ::withOthers, way = { way, phone -> way.open(PortfolioNamesPage(portfolio(phone))) }),
    Pictured("portfolio-sealed", "Lock it with six words", fill = ::withOthers, way = { way, phone -> way.open(PortfolioNamesPage(portfolio(phone).copy(kind = Paperwork.WebPage))) }),
    Pictured("tables", "Reading", way = { way, _ -> way.open(TablesPage) }),
    Pictured("week-sheet", "stays at home", way = { way, _ -> way.open(WeekSheetPage) }),
    Pictured("whole-record", "4 entries", way = { way, _ -> way.open(WholeRecordPage) }),
    Pictured("reports-empty", "No report yet.", way = { way, _ -> way.open(ReportsPage) }),
    Pictured("reports", "Council report: Hedgehog", fill = ::withOne, way = { way, _ -> way.open(ReportsPage) }),
    Pictured("report-new", "Queensland", way = { way, _ -> way.open(NewReportPage) }),
    Pictured("report", "words", fill = ::withOne, way = { way, phone -> way.open(ReportPage(kept(phone).id)) }),
    Pictured("report-menu", "words", fill = ::withOne, way = { way, phone -> way.open(ReportPage(kept(phone).id)) }, act = { menu() }),
    Pictured("report-sending", "words", fill = ::withOne, way = { way, phone -> way.open(ReportPage(kept(phone).id)) }, act = {
        menu()
        onNode(hasText("Mark as sent") and hasAnyAncestor(isDialog())).performClick()
    }),
    Pictured("report-section", "Copy as text", fill = ::withOne, way = { way, phone -> kept(phone).let { way.open(SectionPage(it.id, it.sections.first().key)) } }),
    Pictured("report-take-in", "Show them", fill = ::withOne, way = { way, phone -> kept(phone).let { way.open(TakeInPage(it.id, it.sections.first().key)) } }),
    Pictured("report-take-in-open", "Show them", fill = ::withNeeds, way = { way, phone -> kept(phone).let { way.open(TakeInPage(it.id, it.sections.first().key)) } }, act = {
        onNodeWithText("Show them").performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("Sits in front", substring = true)).fetchSemanticsNodes().isNotEmpty() }
    }),
    Pictured("report-print", "What never leaves this phone", fill = ::withOne, way = { way, phone -> way.open(PrintPage(kept(phone).id)) }),
    Pictured("register", "Hedgehog", fill = ::withOne, way = { way, _ -> way.open(RegisterPage) }, act = {
        onAllNodes(hasText("Hedgehog", substring = true) or hasContentDescription("Hedgehog", substring = true)).onFirst().performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("Print Hedgehog as")).fetchSemanticsNodes().isNotEmpty() }
    }),
)
