package kinfolio.ui.family.settings

import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.FamilyWishes
import kinfolio.bridge.Outcome
import kinfolio.bridge.Part
import kinfolio.bridge.Term
import kinfolio.bridge.or
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

private const val HOUR = 60
private const val WEEK_MINUTES = 7 * 24 * HOUR

/** The family's settings; [hours] as they are typed. */
data class SettingsState(
    val wishes: FamilyWishes? = null,
    val yearFirst: LocalDate? = null,
    val hours: String = "",
    val hoursWrong: Boolean = false,
    val failed: String? = null,
)

/** What the family shares about years, weeks and terms. Each change is kept at once. */
class SettingsModel(private val core: Core, private val scope: CoroutineScope, private val today: LocalDate) {
    private val shown = MutableStateFlow(SettingsState())
    val state: StateFlow<SettingsState> = shown.asStateFlow()
    private val writing = Mutex()

    /** Shows what stands in the record, also when another phone or page changes it. Hours that are being typed stay as they are typed. */
    suspend fun watch() = core.changes.collect { if (Part.Other in it) writing.withLock { load() } }

    fun again() {
        scope.launch { writing.withLock { load() } }
    }

    private suspend fun load() {
        val wishes = core.settings.family().or { return shown.update { now -> now.copy(failed = it.reason) } }
        val year = core.progress.yearOf(today).or { null }
        shown.update {
            val hours = if (it.wishes?.weeklyMinutes == wishes.weeklyMinutes && it.wishes != null) it.hours else said(wishes.weeklyMinutes)
            it.copy(wishes = wishes, yearFirst = year?.first, hours = hours, failed = null)
        }
    }

    fun change(how: (FamilyWishes) -> FamilyWishes) {
        scope.launch {
            writing.withLock {
                val base = shown.value.wishes ?: return@withLock
                when (val saved = core.settings.save(base, how(base))) {
                    is Outcome.Done -> shown.update { it.copy(wishes = saved.value, failed = null) }
                    is Outcome.Failed -> shown.update { it.copy(failed = saved.problem.reason) }
                }
            }
        }
    }

    /** Hours of a week; nothing typed is no target. */
    fun hours(typed: String) {
        val minutes = typed.trim().replace(',', '.').toDoubleOrNull()?.let { (it * HOUR).toInt() }
        val isWrong = typed.isNotBlank() && (minutes == null || minutes !in 1..WEEK_MINUTES)
        shown.update { it.copy(hours = typed, hoursWrong = isWrong) }
        if (!isWrong) change { it.copy(weeklyMinutes = if (typed.isBlank()) null else minutes) }
    }

    fun remove(term: Term) = change { it.copy(terms = it.terms - term) }

    fun put(term: Term) = change { it.copy(terms = (it.terms + term).distinct().sortedBy(Term::first)) }
}

private fun said(minutes: Int?): String = when {
    minutes == null -> ""
    minutes % HOUR == 0 -> (minutes / HOUR).toString()
    else -> (minutes.toDouble() / HOUR).toString()
}
