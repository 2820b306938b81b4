package kinfolio.screens

import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.performSemanticsAction
import java.awt.Color
import java.awt.image.BufferedImage
import java.nio.file.Files
import javax.imageio.ImageIO
import kinfolio.TestPhone
import kinfolio.bridge.Line
import kinfolio.bridge.Wanted
import kinfolio.desktop.FilePhotos
import kinfolio.done
import kinfolio.ui.Outside
import kotlinx.coroutines.runBlocking
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick

/** An entry with all that a row can show. */
private fun full(phone: TestPhone) {
    phone.fill()
    runBlocking {
        val (hedgehog, otter) = phone.core.learners.list().done()
        val id = phone.core.entries.timeline(Wanted(), null, 50).done().entries.single { it.title == "Volcano with vinegar" }.id
        val open = phone.core.editing.open(id).done()
        val lines = listOf(Line(hedgehog.id, "Wrote the recipe down by himself."), Line(otter.id, "Poured and counted to ten."))
        phone.core.editing.save(open, open.written.copy(minutes = 45, starred = true, lines = lines, tags = listOf("Science"))).done()
        val folder = Files.createTempDirectory("kinfolio-pictures").toFile()
        for (at in 1..5) {
            val picture = BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB)
            picture.createGraphics().apply { color = Color(60 + 30 * at, 120, 90) }.fillRect(0, 0, 320, 240)
            val file = folder.resolve("$at.jpg").also { ImageIO.write(picture, "jpg", it) }
            phone.core.attached.add(id, file.path, file.name) {}.done()
        }
        folder.deleteRecursively()
    }
    phone.outside = Outside(photos = FilePhotos { emptyList() })
}

/** Presses what is called so, or the one that stands for it where texts are large, and waits until [until] is read. */
@OptIn(ExperimentalTestApi::class)
internal fun ComposeUiTest.press(name: String, until: String, of: String = name) {
    fun called(what: String) = (hasText(what) or hasContentDescription(what)) and hasClickAction()
    if (of != name && onAllNodes(called(of)).fetchSemanticsNodes().isNotEmpty()) onAllNodes(called(of))[0].performSemanticsAction(SemanticsActions.OnClick)
    onAllNodes(called(name))[0].performSemanticsAction(SemanticsActions.OnClick)
    val seen = hasText(until, substring = true) or hasContentDescription(until, substring = true)
    waitUntil(timeoutMillis = 20_000) { onAllNodes(seen).fetchSemanticsNodes().isNotEmpty() }
}

@OptIn(ExperimentalTestApi::class)
internal val timelineScreens = listOf(
    Pictured("timeline", "April 2026"),
    Pictured("timeline-full", "45 min", fill = ::full),
    Pictured("timeline-more", "April 2026", act = { press("Other lists", "Drafts") }),
    Pictured("timeline-months", "April 2026", act = {
        press("Other lists", "Drafts")
        press("Go to a month", "2026")
    }),
    Pictured("timeline-filters", "April 2026", fill = {
        it.fill()
        runBlocking { it.core.savedFilters.add("Photos of this year", Wanted(withPhoto = true)).done() }
    }, act = {
        press("Filters", "Photos of this year")
        press("With a star", "Save these filters")
        press("Save these filters", "Name of the filter")
    }),
    Pictured("timeline-nothing", "April 2026", act = {
        press("Filters", "With a star")
        press("With a star", "Save these filters")
        press("Close", "Nothing found")
    }),
    Pictured("timeline-failed", "April 2026", act = { phone ->
        runBlocking { phone.core.close() }
        press("Otter", "did not open", of = "All learners")
    }),
    Pictured("timeline-adding", "April 2026", act = {
        onNodeWithText("Add entry").performClick()
        waitUntil { onAllNodes(hasText("Kept as you type")).fetchSemanticsNodes().isNotEmpty() }
    }),
)
