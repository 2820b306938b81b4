package kinfolio.bridge

/** Learners in a text: `@` and the nickname where people read, a token with the id in the record. Of two with one nickname the first one counts. */
internal class Mentions(learners: List<Pair<String, String>>) {
    private val names = learners.toMap()

    // The longest first: "Otter Two" before "Otter".
    private val byName = learners.sortedByDescending { it.second.length }

    fun nickname(learner: String): String = names[learner].orEmpty()

    fun inNames(text: String): String = TOKEN.replace(text) { found -> names[found.groupValues[1]]?.let { "@$it" } ?: found.value }

    fun inTokens(text: String): String {
        val out = StringBuilder()
        var at = 0
        while (at < text.length) {
            val here = if (text[at] == '@') byName.find { text.startsWith(it.second, at + 1) && !goesOn(text, at + 1 + it.second.length) } else null
            if (here == null) out.append(text[at++]) else {
                out.append("{learner:").append(here.first).append('}')
                at += 1 + here.second.length
            }
        }
        return out.toString()
    }

    /** "@Otterly" names nobody. */
    private fun goesOn(text: String, at: Int) = at < text.length && text[at].isLetterOrDigit()

    private companion object {
        val TOKEN = Regex("\\{learner:([^}]*)\\}")
    }
}
