package kinfolio.server

import kinfolio.TestPhone
import kinfolio.done
import kinfolio.ui.Outside
import kotlinx.coroutines.runBlocking

/** Signs this phone in, without its screens. */
fun TestPhone.signIn(server: TestServer, person: Person) = runBlocking {
    val browser = person.browser()
    outside = Outside(browser, server = server.url)
    browser.comeBack(server.url).use {
        val address = core.account.begin(server.url, it.redirect, it.isLoopback).done()
        check(browser.open(address))
        core.account.finish(it.callback()).done()
    }
}

/** Signs this phone in, turns sync on, and sends all that it has. */
fun TestPhone.enrol(server: TestServer, person: Person) {
    signIn(server, person)
    runBlocking {
        core.phones.turnOnSync().done()
        core.safety.sync {}.done()
    }
}
