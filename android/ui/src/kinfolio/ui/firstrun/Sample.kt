package kinfolio.ui.firstrun

import java.io.File
import java.time.LocalDate
import kinfolio.bridge.Core
import kinfolio.bridge.Item
import kinfolio.bridge.Kind
import kinfolio.bridge.Learner
import kinfolio.bridge.Outcome
import kinfolio.bridge.Secrets
import kinfolio.bridge.Slot
import kinfolio.bridge.or
import kinfolio.ui.Words
import kinfolio.ui.look.LearnerColour
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** A family that nobody has, to look around in. It has a record of its own, whose key is in memory only and which goes when it is left. */
internal class Sample private constructor(val core: Core, private val folder: File) {
    /** Leaves nothing of it. */
    suspend fun close() {
        core.close()
        withContext(Dispatchers.IO) { folder.deleteRecursively() }
    }

    companion object {
        suspend fun open(throwaway: () -> File, words: Words, today: LocalDate): Outcome<Sample> {
            val folder = withContext(Dispatchers.IO) { throwaway() }
            val core = Core.open(folder.path, words["app"], KeyInMemory()).or { return Outcome.Failed(it) }
            val sample = Sample(core, folder)
            val filled = fill(core, words, today)
            if (filled is Outcome.Done) return Outcome.Done(sample)
            sample.close()
            return Outcome.Failed((filled as Outcome.Failed).problem)
        }
    }
}

private class KeyInMemory : Secrets {
    private val kept = HashMap<String, ByteArray>()
    override fun load(name: String) = synchronized(kept) { kept[name] }
    override fun save(name: String, secret: ByteArray) = synchronized(kept) { kept[name] = secret }
}

/** How many entries the words have, each some days before the one before it: whose, under which subject, how many minutes. */
private val ENTRIES = listOf("both" to 60, "first" to 35, "second" to 20, "both" to 90, "first" to 45, "both" to null, "second" to 30, "first" to 50)
private const val DAYS_BETWEEN = 4L

private suspend fun fill(core: Core, words: Words, today: LocalDate): Outcome<Unit> {
    val learners = ArrayList<Learner>()
    for ((at, picture) in listOf("🦡", "🦉").withIndex()) {
        learners += core.learners.add(words["sample_learner_$at"], picture, LearnerColour.next(at).kept).or { return Outcome.Failed(it) }
    }
    val subjects = (0..2).map { at -> core.subjects.add(words["sample_subject_$at"]).or { return Outcome.Failed(it) }.id }
    for ((at, told) in ENTRIES.withIndex()) {
        val (whose, minutes) = told
        val of = learners.filterIndexed { place, _ -> whose == "both" || (whose == "first") == (place == 0) }.mapTo(HashSet()) { it.id }
        val entry = core.entries.create(today.minusDays(at * DAYS_BETWEEN), words["sample_entry_$at"], of, onRecord = true).or { return Outcome.Failed(it) }
        val open = core.editing.open(entry.id).or { return Outcome.Failed(it) }
        core.editing.save(open, open.written.copy(minutes = minutes, starred = at == 0, subjects = listOf(subjects[at % subjects.size]))).or { return Outcome.Failed(it) }
    }
    val book = mapOf(Slot.Title to words["sample_book"], Slot.Form to "book", Slot.How to "aloud", Slot.Finished to today.minusDays(2).toString())
    core.shelves[Kind.Reading].add(Item(book, listOf(learners.first().id))).or { return Outcome.Failed(it) }
    val goal = mapOf(Slot.Title to words["sample_goal"], Slot.State to "open")
    core.shelves[Kind.Goals].add(Item(goal, listOf(learners.last().id))).or { return Outcome.Failed(it) }
    return Outcome.Done(Unit)
}
