package kinfolio.ui.family.phones

import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.bridge.Phone
import kinfolio.bridge.Problem
import kinfolio.bridge.SignInPlace
import kinfolio.bridge.or
import kinfolio.ui.Words
import kinfolio.ui.family.signin.said
import kinfolio.ui.family.signin.sentence
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What the family's phones show. */
internal data class PhonesState(
    val phones: List<Phone> = emptyList(),
    val isOn: Boolean = false,
    val isLoading: Boolean = true,
    val hasFailed: Boolean = false,
    /** The new name of this phone, while it is typed. */
    val name: String? = null,
    val nameWrong: String? = null,
    /** The digits of a sign-in's page, while they are typed. */
    val digits: String? = null,
    val digitsWrong: String? = null,
    val isLetThrough: Boolean = false,
    /** Another phone that is looked at, and where its sign-in is, if it is of this account. */
    val chosen: Phone? = null,
    val chosenAt: SignInPlace? = null,
    val chosenWrong: String? = null,
    val isSignedOut: Boolean = false,
)

/** The family's phones. */
internal class PhonesModel(private val core: Core, private val words: Words, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(PhonesState())
    val state: StateFlow<PhonesState> = shown.asStateFlow()

    /** Looks for as long as the page is there. */
    suspend fun watch() {
        core.changes.collect { load() }
    }

    suspend fun load() {
        val phones = core.phones.list()
        if (phones !is Outcome.Done) return shown.update { it.copy(hasFailed = true, isLoading = false) }
        val isOn = core.phones.server().or { null } != null
        shown.update { it.copy(phones = phones.value.sortedBy { phone -> phone.isRemoved }, isOn = isOn, isLoading = false, hasFailed = false) }
    }

    fun again() {
        scope.launch { load() }
    }

    fun rename(name: String?) = shown.update { it.copy(name = name, nameWrong = null) }

    fun saveName() {
        val name = shown.value.name?.trim().orEmpty()
        if (name.isEmpty()) return shown.update { it.copy(nameWrong = words["name_first"]) }
        scope.launch {
            when (val done = core.phones.rename(name)) {
                is Outcome.Done -> shown.update { it.copy(name = null) }
                is Outcome.Failed -> shown.update { it.copy(nameWrong = said(done.problem, words)) }
            }
            load()
        }
    }

    fun letThrough(digits: String?) = shown.update { it.copy(digits = digits, digitsWrong = null, isLetThrough = false) }

    fun sendDigits() {
        val digits = shown.value.digits.orEmpty()
        if (digits.isBlank()) return shown.update { it.copy(digitsWrong = words["digits_first"]) }
        scope.launch {
            val problem = (core.phones.letThrough(digits) as? Outcome.Failed)?.problem
            shown.update { it.copy(digitsWrong = problem?.let { wrong -> said(wrong, words) }, isLetThrough = problem == null) }
        }
    }

    /** Looks at another phone: whether it is signed in with this account is the server's to say. */
    fun choose(phone: Phone?) {
        shown.update { it.copy(chosen = phone, chosenAt = null, chosenWrong = null, isSignedOut = false) }
        if (phone == null || phone.isRemoved || !shown.value.isOn) return
        scope.launch {
            when (val places = core.account.places()) {
                is Outcome.Done -> shown.update { it.copy(chosenAt = places.value.find { place -> place.phone == phone.id }) }
                is Outcome.Failed -> shown.update { it.copy(chosenWrong = said(places.problem, words)) }
            }
        }
    }

    /** Signs the chosen phone out: it gets nothing new until somebody signs in there. */
    fun signOut() {
        val place = shown.value.chosenAt ?: return
        scope.launch {
            when (val done = core.account.end(place.id)) {
                is Outcome.Done -> shown.update { it.copy(chosenAt = null, isSignedOut = true) }
                is Outcome.Failed -> {
                    val wrong = if (done.problem is Problem.Fault) sentence(done.problem.reason) else said(done.problem, words)
                    shown.update { it.copy(chosenWrong = wrong) }
                }
            }
        }
    }
}
