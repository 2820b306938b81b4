package kinfolio.bridge

import uniffi.kinfolio.MentionId
import uniffi.kinfolio.PrintedName
import uniffi.kinfolio.Tick

/** Where a nickname may stand; stays the same until the text is edited. */
data class Spot internal constructor(internal val id: MentionId)

/** A word that is a learner's nickname, or looks like it. [isName]: it will be printed as the name. */
data class Mentioned(val spot: Spot, val learner: String, val day: String, val before: String, val word: String, val after: String, val isName: Boolean)

/** What may be the name of somebody who is no learner, and the first place where it stands. */
data class OtherName(val name: String, val times: Int, val before: String, val after: String)

/** Names in one document. They live in memory. [printed] stands for the learner's nickname; empty: the nickname stays. */
data class NamesIn(val printed: String = "", val others: OthersAs = OthersAs.Sibling, val ticks: Map<Spot, Boolean> = emptyMap(), val shortened: Set<String> = emptySet()) {
    // Real names in here: never in a log.
    override fun toString() = "NamesIn"

    /** A name that is printed as initials, or no longer. */
    fun shortened(name: String, isOn: Boolean) = copy(shortened = if (isOn) shortened + name else shortened - name)
}

/** The same words, one of them ticked or not. */
fun List<Mentioned>.ticked(spot: Spot, isName: Boolean) = map { if (it.spot == spot) it.copy(isName = isName) else it }

internal fun mentioned(of: uniffi.kinfolio.Review) = Mentioned(Spot(of.id), of.learner, of.date, of.before, of.matched, of.after, of.on)

internal fun otherName(of: uniffi.kinfolio.OtherName) = OtherName(of.name, of.times.toInt(), of.before, of.after)

internal fun ticks(of: NamesIn): List<Tick> = of.ticks.map { (spot, isName) -> Tick(spot.id, isName) }

/** What is printed for a learner's nickname; nothing where it stays. */
internal fun names(learner: String, printed: String): List<PrintedName> = if (printed.isBlank()) emptyList() else listOf(PrintedName(learner, printed.trim()))
