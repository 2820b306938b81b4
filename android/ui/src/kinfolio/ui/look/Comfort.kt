package kinfolio.ui.look

import kinfolio.ui.Memos
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/** The letters that are read: the app's two faces, the one of books everywhere, or the phone's own everywhere. */
enum class Letters { Clear, Book, Phone }

/** Room between lines, as a part of the letters' size. */
enum class Spacing(val lines: Float) { Normal(1.45f), Wide(1.7f), Wider(1.9f) }

/** How a parent wants to read. [look] null: as the phone is. */
data class Comfort(
    val look: Look? = null,
    val letters: Letters = Letters.Clear,
    val spacing: Spacing = Spacing.Normal,
    /** Nothing fades, slides or spreads under a finger. */
    val isStill: Boolean = false,
)

private const val NAME = "comfort"
private const val STILL = "still"

/** What was chosen on this phone. It is kept here, not in the record: each who reads has their own eyes. */
class Comforts(private val memos: Memos) {
    private val chosen = MutableStateFlow(read(memos.read(NAME).orEmpty()))
    val state: StateFlow<Comfort> = chosen.asStateFlow()

    fun choose(comfort: Comfort) {
        chosen.value = comfort
        memos.write(NAME, written(comfort))
    }
}

private fun written(of: Comfort): String =
    listOfNotNull(of.look?.name, of.letters.name, of.spacing.name, STILL.takeIf { of.isStill }).joinToString(" ")

/** Words that a newer app wrote and this one does not know are passed over. */
private fun read(kept: String): Comfort {
    val words = kept.split(' ').toSet()
    return Comfort(
        Look.entries.find { it.name in words },
        Letters.entries.find { it.name in words } ?: Letters.Clear,
        Spacing.entries.find { it.name in words } ?: Spacing.Normal,
        STILL in words,
    )
}
