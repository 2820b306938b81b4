package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.bridge.Inbox
import kinfolio.bridge.Again
import kinfolio.bridge.Reminder
import kinfolio.bridge.Term
import kinfolio.bridge.Wanted
import kinfolio.done
import androidx.compose.runtime.Composable
import kinfolio.ui.adding.QuickNote
import kinfolio.ui.family.help.HelpPage
import kinfolio.ui.family.help.Nation
import kinfolio.ui.family.help.NationPage
import kinfolio.ui.family.help.RiskPage
import kinfolio.ui.family.log.LogPage
import kinfolio.ui.family.reminders.ReminderPage
import kinfolio.ui.family.reminders.RemindersPage
import kinfolio.ui.family.settings.SettingsPage
import kinfolio.ui.family.settings.TermPage
import kinfolio.ui.family.subjects.SubjectPage
import kinfolio.ui.family.subjects.SubjectsPage
import kinfolio.bridge.Outcome
import java.io.File
import kinfolio.desktop.FilePhotos
import kinfolio.ui.family.lock.kept.DeviceFile
import kinfolio.ui.family.lock.kept.FileSecrets
import kinfolio.ui.family.imports.CatchUpPage
import kinfolio.ui.family.imports.ImportPage
import kinfolio.ui.Outside
import kinfolio.ui.family.comfort.ComfortPage
import kinfolio.ui.family.lock.Guard
import kinfolio.ui.family.lock.LockPage
import kinfolio.ui.family.lock.PinDoing
import kinfolio.ui.family.lock.PinPage
import kinfolio.ui.family.lock.Watch
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kinfolio.ui.look.Comfort
import kinfolio.ui.look.Letters
import kinfolio.ui.look.Spacing
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.Place
import kinfolio.ui.stage.Way

private fun on(page: Page): (Way, Any) -> Unit = { way, _ ->
    way.go(Place.Family)
    way.open(page)
}

private fun withSubjects(phone: TestPhone) {
    phone.fill()
    runBlocking {
        for (name in listOf("English", "Maths", "Geography")) phone.core.subjects.add(name).done()
        phone.core.subjects.core(phone.core.subjects.list().done().first().id, true).done()
    }
}

@OptIn(ExperimentalTestApi::class)
internal val homeScreens = listOf(
    Pictured("subjects-none", "No subject yet.", way = on(SubjectsPage)),
    Pictured("subjects", "Geography", fill = ::withSubjects, way = on(SubjectsPage)),
    Pictured("subject", "Make part of another", fill = ::withSubjects, way = { way, phone -> way.open(SubjectPage(runBlocking { phone.core.subjects.list().done() }[1].id)) }),
    Pictured("comfort", "Less movement", way = on(ComfortPage)),
    Pictured("comfort-wider", "Less movement", fill = {
        it.fill()
        kinfolio.ui.look.Comforts(it.outside.memos).choose(Comfort(letters = Letters.Book, spacing = Spacing.Wider, isStill = true))
    }, way = on(ComfortPage)),
    Pictured("lock-none", "No PIN is set.", fill = { guarded(it, null) }, way = on(LockPage)),
    Pictured("lock", "Lock now", fill = { guarded(it, PIN) }, way = on(LockPage)),
    Pictured("lock-set", "New PIN once more", fill = { guarded(it, null) }, way = on(PinPage(PinDoing.Set)), act = {
        onNode(hasText("Set a PIN") and hasClickAction()).performClick()
    }),
    Pictured("lock-change", "New PIN once more", fill = { guarded(it, PIN) }, way = on(PinPage(PinDoing.Change))),
    Pictured("lock-remove", "PIN now", fill = { guarded(it, PIN) }, way = on(PinPage(PinDoing.Remove))),
    Pictured("locked", "Kinfolio is locked", fill = { guarded(it, PIN) }, way = { _, phone -> checkNotNull(phone.outside.guard).lockNow() }),
    Pictured("locked-wrong", "Kinfolio is locked", fill = { guarded(it, PIN) }, way = { _, phone -> checkNotNull(phone.outside.guard).lockNow() }, act = {
        onNodeWithText("Forgotten the PIN?").performClick()
        onNodeWithText("Unlock").performClick()
    }),
    Pictured("note-while-locked", "Add entry", way = on(object : Page {
        @Composable
        override fun Content() = QuickNote(Inbox(""), TODAY) {}
    }), act = { onNode(hasText("Save") and hasClickAction()).performClick() }),
    Pictured("import", "A copy from Kinfolio", way = on(ImportPage)),
    Pictured("import-broken", "A copy from Kinfolio", fill = { table(it, "PK and no more") }, way = on(ImportPage), act = {
        onNodeWithText("A Day One diary").performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("was not read in", substring = true)).fetchSemanticsNodes().isNotEmpty() }
    }),
    Pictured("import-table", "A copy from Kinfolio", fill = { table(it, "Date,Title,Learners,Minutes\n03/04/2026,Pond dipping,Mole,40\nsoon,Kite,Otter,30\n") }, way = on(ImportPage), act = {
        onNodeWithText("A table").performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("Read it in")).fetchSemanticsNodes().isNotEmpty() }
    }),
    Pictured("import-came", "A copy from Kinfolio", fill = { table(it, "Date,Title,Learners\n2026-04-03,Pond dipping,Otter\nsoon,Kite,Otter\n") }, way = on(ImportPage), act = {
        onNodeWithText("A table").performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("Read it in")).fetchSemanticsNodes().isNotEmpty() }
        onNodeWithText("Otter").performClick()
        onNodeWithText("Read it in").performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasText("came in", substring = true)).fetchSemanticsNodes().isNotEmpty() }
    }),
    Pictured("settings", "Hours meant for a week", fill = {
        it.fill()
        runBlocking { it.core.settings.family().done().let { base -> it.core.settings.save(base, base.copy(terms = listOf(Term("Summer", TODAY, TODAY.plusDays(80))))).done() } }
    }, way = on(SettingsPage)),
    Pictured("settings-term", "First day", way = on(TermPage), act = { onNodeWithText("Save").performClick() }),
    Pictured("reminders", "Quiet from", fill = {
        it.fill()
        runBlocking {
            val otter = it.core.learners.list().done().last().id
            it.core.reminders.add(Reminder("Report for the council", TODAY.plusDays(44), 30, Again.Year, listOf(otter))).done()
            it.core.reminders.add(Reminder("Library books", TODAY.plusDays(3))).done()
        }
    }, way = on(RemindersPage)),
    Pictured("reminders-none", "No reminders yet.", way = on(RemindersPage)),
    Pictured("reminder", "Comes back", way = on(ReminderPage(null)), act = { onNodeWithText("Save").performClick() }),
    Pictured("log", "Learner added", way = on(LogPage)),
    Pictured("help", "Your rights", way = on(HelpPage)),
    Pictured("help-england", "Read on", way = on(NationPage(Nation.England))),
    Pictured("help-risk", "Read on", way = on(RiskPage)),
    Pictured("hand-over", "Back to the record", fill = { guarded(it, PIN) }, way = { _, phone ->
        checkNotNull(phone.outside.guard).handOver(runBlocking { phone.core.entries.timeline(Wanted(), null, 1).done() }.entries.first().id)
    }),
    Pictured("catch-up", "Choose photos", way = on(CatchUpPage)),
    Pictured("catch-up-days", "Tick none", fill = ::photographed, way = on(CatchUpPage)),
    Pictured("catch-up-missing", "Tick none", fill = ::photographed, way = on(CatchUpPage), act = { onNodeWithText("Make 9 entries").performClick() }),
    Pictured("catch-up-day", "Tick none", fill = ::photographed, way = on(CatchUpPage), act = {
        onAllNodes(hasContentDescription("Change", substring = true))[0].performScrollTo().performClick()
        waitUntil(timeoutMillis = 20_000) { onAllNodes(hasContentDescription("Title")).fetchSemanticsNodes().isNotEmpty() }
    }),
)

/** A phone on which one file can be chosen. */
private fun table(phone: TestPhone, content: String) {
    phone.fill()
    val file = phone.recordFolder.resolveSibling("table.csv").toFile().apply { writeText(content) }
    phone.outside = Outside(memos = phone.outside.memos, photos = FilePhotos { listOf(file) })
}

/** Nine photos, each of another day, given and looked at. */
private fun photographed(phone: TestPhone) = runBlocking {
    phone.fill()
    val real = File(checkNotNull(System.getProperty("kinfolio.root")), "tests/fixtures/photos").listFiles { file -> file.name.endsWith(".jpg") }.orEmpty().sorted()
    val photos = real.mapIndexed { at, of ->
        of.copyTo(phone.recordFolder.resolveSibling(of.name).toFile()).apply { setLastModified(1_775_000_000_000L + at * 86_400_000L) }
    }
    phone.core.catchUp.give(photos.map { it.path to it.name })
    phone.core.catchUp.look {}
}

private const val PIN = "271828"
private const val LITTLE_KIB = 64

/** A phone with a guard, which starts open. */
private fun guarded(phone: TestPhone, pin: String?) = runBlocking {
    phone.fill()
    val secrets = FileSecrets(phone.secretsFolder, DeviceFile(phone.secret), memoryKib = LITTLE_KIB)
    val guard = Guard(secrets, phone.outside.memos) { Outcome.Done(phone.core) }
    guard.start()
    guard.state.first { it is Watch.Open }
    if (pin != null) secrets.setPin(null, pin)
    phone.outside = Outside(memos = phone.outside.memos, guard = guard)
}
