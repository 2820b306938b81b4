package kinfolio.ui.learners

import androidx.compose.runtime.Composable
import kinfolio.bridge.Far
import kinfolio.bridge.Towards
import kinfolio.bridge.WeekOnAverage
import kinfolio.ui.LocalWords
import kinfolio.ui.Words
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help

/** What a year was meant to hold and what it holds, in plain numbers. */
@Composable
internal fun TowardsPart(of: Towards) {
    val words = LocalWords.current
    Head(words["towards", words.day(of.period.first), words.day(of.period.last)])
    of.days?.let { Help(words["towards_days", it.done, it.of]) }
    for ((name, far) in listOf("towards_hours" to of.minutes, "towards_core" to of.core, "towards_core_home" to of.coreAtHome)) {
        far?.let { Help(words[name, hours(it, words), hours(it.of, words)]) }
    }
}

private fun hours(far: Far, words: Words) = hours(far.done, words)

/** What a week holds on average, and what it is meant to hold. */
internal fun average(of: WeekOnAverage, words: Words): String {
    val said = words["week_average", hours(of.byParents, words), hours(of.byOthers, words)]
    return of.meant?.let { said + " " + words["week_meant", hours(it, words)] } ?: said
}
