package kinfolio.ui.reports

import androidx.compose.runtime.Composable
import kinfolio.bridge.Mentioned
import kinfolio.bridge.OtherName
import kinfolio.bridge.Spot
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.TickRow
import kinfolio.ui.stage.LocalStage

/** Words that are a nickname, or look like it, each in its sentence. */
@Composable
internal fun Places(places: List<Mentioned>, onTick: (Spot, Boolean) -> Unit) {
    if (places.isEmpty()) return
    val words = LocalStage.current.words
    Head(words.count("places_to_check", places.size.toLong()))
    Help(words["places_to_tick"])
    for (place in places) {
        TickRow(inContext(before(place.before), place.word, after(place.after)), place.isName, { onTick(place.spot, it) }, place.day)
    }
}

/** What may be somebody else's name. */
@Composable
internal fun OtherPeople(names: List<OtherName>, shortened: Set<String>, onShorten: (String, Boolean) -> Unit) {
    if (names.isEmpty()) return
    val words = LocalStage.current.words
    Head(words["other_names"])
    Help(words["other_names_what"])
    for (other in names) {
        val where = words["stands_where", words.count("stands_times", other.times.toLong()), (before(other.before) + other.name + after(other.after)).trim()]
        TickRow(other.name, other.name in shortened, { onShorten(other.name, it) }, where)
    }
}

/** So many letters on each side of a word are enough to know it by. */
private const val NEAR = 24

private fun before(text: String) = if (text.length <= NEAR) text else "…" + text.takeLast(NEAR).let { it.drop(it.indexOf(' ') + 1) }

private fun after(text: String) = if (text.length <= NEAR) text else text.take(NEAR).substringBeforeLast(' ') + "…"
