package kinfolio.bridge

import uniffi.kinfolio.Preset
import uniffi.kinfolio.SubjectEdit
import uniffi.kinfolio.SubjectsClient

/** What is learned. [isCore]: one of those that a law calls core. [isHidden]: no longer offered; what has it keeps it. */
data class Subject(val id: String, val name: String, val isCore: Boolean, val isHidden: Boolean)

/** A list to begin with, as a place or law names its subjects. */
enum class SubjectList { UkAreas, EarlyYears, Pennsylvania, NewYork, Missouri, Australia }

/** The family's subjects. */
class Subjects internal constructor(private val client: SubjectsClient) {
    /** As the family has ordered them, hidden ones too. */
    suspend fun list(): Outcome<List<Subject>> = ask { client.list().map(::subject) }

    suspend fun add(name: String): Outcome<Subject> = ask { subject(client.add(name, "")) }

    /** Adds those of a list that are not there yet. How many. */
    suspend fun addList(list: SubjectList): Outcome<Int> = ask {
        val before = client.list().size
        client.addPreset(Preset.entries[list.ordinal])
        client.list().size - before
    }

    suspend fun rename(id: String, name: String): Outcome<Subject> = ask { subject(client.rename(id, name)) }

    suspend fun core(id: String, isCore: Boolean): Outcome<Subject> = ask { subject(client.update(id, SubjectEdit(core = isCore))) }

    suspend fun hide(id: String, isHidden: Boolean): Outcome<Subject> = ask { subject(client.update(id, SubjectEdit(hidden = isHidden))) }

    suspend fun order(ids: List<String>): Outcome<Unit> = ask { client.reorder(ids) }

    /** Makes it part of another: every entry that has it shows the other from now on. */
    suspend fun merge(id: String, into: String): Outcome<Unit> = ask { client.merge(id, into) }

    /** Takes it off the list. Its entries stay. */
    suspend fun remove(id: String): Outcome<Unit> = ask { client.remove(id) }
}

private fun subject(of: uniffi.kinfolio.Subject) = Subject(of.id, of.name, of.core, of.hidden)
