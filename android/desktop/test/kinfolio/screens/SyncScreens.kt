package kinfolio.screens

import androidx.compose.ui.test.ComposeUiTest
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.hasAnyAncestor
import androidx.compose.ui.test.hasContentDescription
import androidx.compose.ui.test.hasScrollAction
import androidx.compose.ui.test.hasSetTextAction
import androidx.compose.ui.test.hasText
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.isDialog
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextReplacement
import java.util.concurrent.atomic.AtomicInteger
import kinfolio.TODAY
import kinfolio.TestPhone
import kinfolio.done
import kinfolio.server.Person
import kinfolio.server.TestServer
import kinfolio.server.enrol
import kinfolio.server.signIn
import kinfolio.ui.Browser
import kinfolio.ui.Network
import kinfolio.ui.Outside
import kinfolio.ui.ScanBy
import kinfolio.ui.Scanner
import kinfolio.ui.family.account.AccountPage
import kinfolio.ui.family.phones.AddPhonePage
import kinfolio.ui.family.phones.JoinPage
import kinfolio.ui.family.phones.PhonesPage
import kinfolio.ui.family.safety.SafetyPage
import kinfolio.ui.family.signin.RecoveryPage
import kinfolio.ui.family.signin.TurnOnPage
import kinfolio.ui.stage.Page
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.runBlocking

/** The server of the picture that is made: each has its own, for one address may not make many accounts in a row. */
private var current: TestServer? = null
private val server: TestServer get() = checkNotNull(current)

private fun newServer() {
    if (current == null) Runtime.getRuntime().addShutdownHook(Thread { current?.close() })
    current?.close()
    current = TestServer()
}

private val people = AtomicInteger()

private fun person() = Person(server, "ann${people.incrementAndGet()}@example.org").register()

private object Camera : Scanner {
    override val by = ScanBy.Camera
    override suspend fun scan(): ByteArray? = null
}

private fun enrolled(phone: TestPhone) {
    newServer()
    phone.fill()
    phone.enrol(server, person())
    phone.outside = Outside(phone.outside.browser, Camera, server = server.url)
}

private fun waiting(phone: TestPhone) {
    enrolled(phone)
    phone.outside = Outside(phone.outside.browser, Camera, MutableStateFlow(Network.None))
    runBlocking {
        phone.core.account.signOut().done()
        val learner = phone.core.learners.list().done().first()
        phone.core.entries.create(TODAY, "Written with no signal", setOf(learner.id), onRecord = true).done()
    }
}

/** A new phone has answered a code of this one, and asks. */
private fun asked(phone: TestPhone) {
    enrolled(phone)
    val invite = runBlocking { phone.core.joining.invite(isFarAway = true).done() }
    phone.outside.memos.write("invite_link", invite.link)
    TestPhone("Pixel 8").use { new ->
        new.signIn(server, person())
        runBlocking {
            new.core.joining.scan(invite.payload).done()
            new.core.joining.step().done()
        }
    }
}

/** This phone was added by another, and has two learners of its own. */
private fun added(phone: TestPhone) {
    newServer()
    phone.fill()
    TestPhone("Ann’s phone").use { first ->
        first.fill()
        first.enrol(server, person())
        phone.signIn(server, person())
        runBlocking {
            val invite = first.core.joining.invite(isFarAway = false).done()
            phone.core.joining.scan(invite.payload).done()
            phone.core.joining.step().done()
            first.core.joining.approve(checkNotNull(first.core.joining.asking(invite.link).done()), "Bob").done()
        }
    }
}

/** A browser whose person takes their time. */
private fun slow(of: Browser) = object : Browser by of {
    override suspend fun open(url: String) = true
}

@OptIn(ExperimentalTestApi::class)
private fun ComposeUiTest.press(text: String) {
    val called = (hasText(text, substring = true) or hasContentDescription(text, substring = true)) and SemanticsMatcher.keyIsDefined(SemanticsActions.OnClick)
    waitUntil("“$text” is there", 20_000) { onAllNodes(called).fetchSemanticsNodes().isNotEmpty() }
    val scrolls = onAllNodes(called and hasAnyAncestor(hasScrollAction())).fetchSemanticsNodes().isNotEmpty()
    onAllNodes(called)[0].also { if (scrolls) it.performScrollTo() }.performClick()
}

@OptIn(ExperimentalTestApi::class)
private fun ComposeUiTest.see(text: String) =
    waitUntil("“$text” is read", 20_000) { onAllNodes(hasText(text, substring = true)).fetchSemanticsNodes().isNotEmpty() }

@OptIn(ExperimentalTestApi::class)
private fun page(name: String, page: Page, text: String, fill: (TestPhone) -> Unit, act: ComposeUiTest.(TestPhone) -> Unit = {}) =
    Pictured("sync-$name", text, fill, { way, _ -> way.open(page) }, act)

@OptIn(ExperimentalTestApi::class)
internal val syncScreens = listOf(
    page("safety-off", SafetyPage, "Everything is only on this phone.", TestPhone::fill),
    page("safety-stored", SafetyPage, "Everything is stored.", ::enrolled),
    page("safety-waiting", SafetyPage, "One entry is waiting.", ::waiting),
    page("turn-on", TurnOnPage, "Sign in with the browser", TestPhone::fill),
    page("turn-on-wrong", TurnOnPage, "Sign in with the browser", TestPhone::fill) {
        press("Sign in with the browser")
        press("Store the record")
        see("Sign in first")
    },
    page("turn-on-at-page", TurnOnPage, "Sign in with the browser", { phone ->
        newServer()
        phone.fill()
        phone.outside = Outside(slow(person().browser()), server = server.url)
    }) {
        press("Sign in with the browser")
        see("Sign in on the page")
    },
    page("turn-on-signed-in", TurnOnPage, "Signed in as", { phone ->
        newServer()
        phone.fill()
        phone.signIn(server, person())
    }),
    page("turn-on-done", TurnOnPage, "The server keeps a copy now", ::enrolled),
    page("paper", RecoveryPage, "Show the twelve words", TestPhone::fill),
    page("paper-words", RecoveryPage, "Show the twelve words", TestPhone::fill) {
        press("Show the twelve words")
        see("I wrote them down")
    },
    page("paper-check", RecoveryPage, "Show the twelve words", TestPhone::fill) {
        press("Show the twelve words")
        press("I wrote them down")
        press("Check")
        see("This is not word")
    },
    page("paper-again", RecoveryPage, "Type the twelve words", { phone ->
        phone.fill()
        runBlocking { phone.core.recovery.make().done() }
    }),
    page("phones", PhonesPage, "Let a sign-in through", ::enrolled),
    page("phones-off", PhonesPage, "More phones can share", TestPhone::fill),
    page("phones-rename", PhonesPage, "Let a sign-in through", ::enrolled) {
        press("Test")
        see("Rename this phone")
    },
    page("phones-digits", PhonesPage, "Let a sign-in through", ::enrolled) {
        press("Let a sign-in through")
        onNode(hasSetTextAction() and hasAnyAncestor(isDialog())).performTextReplacement("12345")
        press("Let it through")
        see("The page shows ten digits")
    },
    page("add", AddPhonePage, "Works once, until", ::enrolled),
    page("add-far", AddPhonePage, "Works once, until", ::enrolled) {
        press("Far away?")
        see("Copy the text")
    },
    page("add-asked", AddPhonePage, "Add “Pixel 8”?", ::asked),
    page("add-signed-out", AddPhonePage, "Sign in again", { phone ->
        enrolled(phone)
        runBlocking { phone.core.account.signOut().done() }
    }),
    page("join", JoinPage, "Or the text that they sent you", { it.fill(); it.outside = Outside(scanner = Camera) }),
    page("join-wrong", JoinPage, "Or the text that they sent you", { it.fill(); it.outside = Outside(scanner = Camera) }) {
        onNode(hasSetTextAction()).performTextReplacement("ABCD EFGH")
        press("Go on")
        see("This invite was mistyped")
    },
    page("join-who", JoinPage, "“Ann’s phone” added this phone.", ::added),
    page("account", AccountPage, "Last used", ::enrolled),
    page("account-delete", AccountPage, "Last used", ::enrolled) {
        press("Delete the account")
        see("Delete the account?")
    },
    page("account-ends", AccountPage, "The account is deleted on", { phone ->
        enrolled(phone)
        runBlocking { phone.core.account.delete().done() }
    }),
    page("account-erase", AccountPage, "The server’s copy is erased on", { phone ->
        enrolled(phone)
        runBlocking {
            phone.core.recovery.orderErasure().done()
            phone.core.safety.sync {}.done()
        }
    }),
    page("safety-erasure", SafetyPage, "The server’s copy is erased on", { phone ->
        enrolled(phone)
        runBlocking {
            phone.core.recovery.orderErasure().done()
            phone.core.safety.sync {}.done()
        }
    }),
    page("account-signed-out", AccountPage, "This phone is not signed in anywhere.", ::waiting),
)
