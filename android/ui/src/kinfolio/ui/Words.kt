package kinfolio.ui

import androidx.compose.runtime.staticCompositionLocalOf
import java.time.LocalDate
import java.time.format.DateTimeFormatter
import java.util.Locale
import javax.xml.parsers.DocumentBuilderFactory
import org.w3c.dom.Element

/** Which form of a word a number takes in a language: `one`, `few`, `other` (Unicode's plural rules). */
fun interface PluralRules {
    fun of(number: Long): String
}

/** The files of a language's words, one for each room of screens. */
private val ROOMS = listOf(
    "app",
    "firstrun",
    "sample",
    "timeline",
    "search",
    "calendar",
    "adding",
    "entry",
    "trash",
    "learners",
    "shelf",
    "week",
    "documents",
    "portfolio",
    "reports",
    "family",
    "safety",
    "signin",
    "phones",
    "account",
    "comfort",
    "lock",
    "imports",
    "settings",
    "subjects",
    "reminders",
    "log",
    "help",
)

/** The words of one language, from files in the form of Android's string resources. */
class Words(val locale: Locale, private val plurals: PluralRules) {
    private val said = HashMap<String, String>()
    private val counted = HashMap<String, Map<String, String>>()

    init {
        for (room in ROOMS) take("/words/${locale.toLanguageTag()}/$room.xml")
    }

    private fun take(path: String) {
        val file = checkNotNull(Words::class.java.getResourceAsStream(path)) { "$path is not in the app" }
        val root = file.use { DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(it).documentElement }
        for (of in root.elements()) {
            val name = of.getAttribute("name")
            check(name !in said && name !in counted) { "$name stands twice" }
            when (of.tagName) {
                "string" -> said[name] = of.textContent
                "plurals" -> counted[name] = of.elements().associate { it.getAttribute("quantity") to it.textContent }
            }
        }
    }

    /** The words of this name, with what is put in. */
    operator fun get(name: String, vararg put: Any): String =
        String.format(locale, checkNotNull(said[name]) { "no words are called $name" }, *put)

    /** The words for so many. */
    fun count(name: String, number: Long): String {
        val forms = checkNotNull(counted[name]) { "no counted words are called $name" }
        return String.format(locale, checkNotNull(forms[plurals.of(number)] ?: forms["other"]), number)
    }

    /** `Fri 17 Apr 2026`. */
    fun day(day: LocalDate): String = day.format(DateTimeFormatter.ofPattern("EEE d MMM uuuu", locale))

    /** `Fri`. */
    fun weekday(day: LocalDate): String = day.format(DateTimeFormatter.ofPattern("EEE", locale))

    /** `F`: where `Fri` has no room. */
    fun weekdayLetter(day: LocalDate): String = day.format(DateTimeFormatter.ofPattern("EEEEE", locale))

    /** `Friday 17`. */
    fun dayOfMonth(day: LocalDate): String = day.format(DateTimeFormatter.ofPattern("EEEE d", locale))

    /** `April 2026`. */
    fun month(day: LocalDate): String = day.format(DateTimeFormatter.ofPattern("LLLL uuuu", locale))
}

/** English, by which the others are made. */
fun english() = Words(Locale.UK) { number -> if (number == 1L) "one" else "other" }

private fun Element.elements(): List<Element> = (0 until childNodes.length).mapNotNull { childNodes.item(it) as? Element }

/** The words that screens take. */
val LocalWords = staticCompositionLocalOf<Words> { error("screens stand inside the app, which has the words") }
