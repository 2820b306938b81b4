package kinfolio.bridge

import uniffi.kinfolio.AccountClient
import uniffi.kinfolio.AccountState
import uniffi.kinfolio.clientApp
import uniffi.kinfolio.clientDesktop

/** How this phone stands to a server. What is written down never depends on it. */
sealed interface SignInState {
    /** Never signed in, or signed out on purpose. */
    data object Never : SignInState

    /** Signed in. The address is not known before the server could be asked. */
    data class Now(val server: String, val email: String?) : SignInState

    /** The server ended the sign-in. */
    data class Ended(val server: String, val email: String?) : SignInState
}

/** One place where the account is signed in. */
data class SignInPlace(
    val id: String,
    val name: String?,
    val isThis: Boolean,
    val lastUsedMs: Long,
    val platform: String?,
    val network: String?,
    /** The family's phone that it is, if it is one. */
    val phone: String?,
)

/** Signing in to a server, and the account there. */
class Account internal constructor(private val client: AccountClient) {
    /** How this phone stands to a server; asks nobody. */
    suspend fun state(): Outcome<SignInState> = ask {
        when (val state = client.state()) {
            is AccountState.None -> SignInState.Never
            is AccountState.SignedIn -> SignInState.Now(state.v1.server, state.v1.email)
            is AccountState.SignedOut -> SignInState.Ended(state.v1.server, state.v1.email)
        }
    }

    /** Begins a sign-in: the address to open in the browser. [isLoopback]: it comes back to this machine, not to an app link. */
    suspend fun begin(server: String, redirect: String, isLoopback: Boolean): Outcome<String> =
        ask { client.begin(server, redirect, if (isLoopback) clientDesktop() else clientApp()) }

    /** Finishes the sign-in with the address that the browser came back to. */
    suspend fun finish(callback: String): Outcome<Unit> = ask { client.finish(callback) }

    /** The day on which this sign-in ends, in the 30 days before it; asks nobody. */
    suspend fun endsSoonMs(): Outcome<Long?> = ask { client.signInEndsSoon() }

    /** Signs out. Everything stays on this phone. */
    suspend fun signOut(): Outcome<Unit> = ask { client.signOut() }

    /** Where the account is signed in, from the server. */
    suspend fun places(): Outcome<List<SignInPlace>> = ask {
        client.signIns().map { SignInPlace(it.id, it.name, it.current, it.lastUsedMs, it.platform, it.network, it.device) }
    }

    /** Ends one sign-in on the server. */
    suspend fun end(place: String): Outcome<Unit> = ask { client.endSignIn(place) }

    /** Begins the account's end: the day. [Problem.ShowYourself]: sign in once more, then ask again. */
    suspend fun delete(): Outcome<Long> = ask { client.deleteAccount() }

    /** The day on which the account is to be deleted, from the server; none: it is not. */
    suspend fun deletionMs(): Outcome<Long?> = ask { client.deletion() }

    /** Keeps an account that is to be deleted. */
    suspend fun keep(): Outcome<Unit> = ask { client.keepAccount() }
}
