package kinfolio.screens

import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.hasClickAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import kinfolio.TestPhone
import kinfolio.bridge.Outcome
import kinfolio.desktop.FileSecrets
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

@OptIn(ExperimentalTestApi::class)
internal val homeScreens = listOf(
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
)

private const val PIN = "271828"
private const val LITTLE_KIB = 64

/** A phone with a guard, which starts open. */
private fun guarded(phone: TestPhone, pin: String?) = runBlocking {
    phone.fill()
    val secrets = FileSecrets(phone.secretsFolder, phone.secret, memoryKib = LITTLE_KIB)
    val guard = Guard(secrets, phone.outside.memos) { Outcome.Done(phone.core) }
    guard.start()
    guard.state.first { it is Watch.Open }
    if (pin != null) secrets.setPin(null, pin)
    phone.outside = Outside(memos = phone.outside.memos, guard = guard)
}
