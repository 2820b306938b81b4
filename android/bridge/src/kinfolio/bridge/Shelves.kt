package kinfolio.bridge

import uniffi.kinfolio.Assessment
import uniffi.kinfolio.ClientInterface
import uniffi.kinfolio.DayMark
import uniffi.kinfolio.Goal
import uniffi.kinfolio.Letter
import uniffi.kinfolio.Look
import uniffi.kinfolio.NeedsNote
import uniffi.kinfolio.Plan
import uniffi.kinfolio.Presence
import uniffi.kinfolio.Provider
import uniffi.kinfolio.Qualification
import uniffi.kinfolio.Reading
import uniffi.kinfolio.Skill
import uniffi.kinfolio.Target
import uniffi.kinfolio.Template
import uniffi.kinfolio.Trip

/** The things of one small kind. */
class Shelf<T : Any> internal constructor(private val room: Room<T>) {
    /** A learner's and everybody's, or all; the newest day first. */
    suspend fun list(learner: String? = null): Outcome<List<Shelved>> = ask { room.list(Look(learner)).map { shelved(it.first, it.second) } }

    suspend fun open(id: String): Outcome<Shelved> = ask { shelved(id, room.get(id)) }

    suspend fun add(item: Item): Outcome<Shelved> = ask { room.add(room.write(room.blank, item)).let { shelved(it.first, it.second) } }

    /** Writes [now] over what [open] was. */
    @Suppress("UNCHECKED_CAST")
    suspend fun save(open: Shelved, now: Item): Outcome<Shelved> = ask {
        val base = open.base as T
        shelved(open.id, room.save(open.id, base, room.write(base, now)))
    }

    /** The same thing as one in whose form [now] stands: for going on typing while [saved] was on its way. */
    @Suppress("UNCHECKED_CAST")
    fun goOn(saved: Shelved, now: Item): Shelved = Shelved(saved.id, now, room.write(saved.base as T, now))

    suspend fun trash(id: String): Outcome<Unit> = ask { room.trash(id) }

    suspend fun bringBack(id: String): Outcome<Unit> = ask { room.restore(id) }

    private fun shelved(id: String, of: T) = Shelved(id, room.read(of), of)
}

/** The generated room of one kind, and how its items are read and written. */
internal class Room<T : Any>(
    val blank: T,
    val add: (T) -> Pair<String, T>,
    val get: (String) -> T,
    val list: (Look) -> List<Pair<String, T>>,
    val save: (String, T, T) -> T,
    val trash: (String) -> Unit,
    val restore: (String) -> Unit,
    val read: (T) -> Item,
    val write: (T, Item) -> T,
)

/** The shelves of all small kinds. */
class Shelves internal constructor(private val client: ClientInterface) {
    private val byKind: Map<Kind, Shelf<*>> = mapOf(
        Kind.Reading to client.reading().let { room ->
            Shelf(Room(Reading("", form = uniffi.kinfolio.Form.BOOK), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Goals to client.goals().let { room ->
            Shelf(Room(Goal("", state = uniffi.kinfolio.GoalState.OPEN), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Plans to client.plans().let { room ->
            Shelf(Room(Plan("", weekOf = ""), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Templates to client.templates().let { room ->
            Shelf(Room(Template(""), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Targets to client.targets().let { room ->
            Shelf(Room(Target(""), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Days to client.days().let { room ->
            Shelf(Room(DayMark(uniffi.kinfolio.Mark.AWAY, ""), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Trips to client.trips().let { room ->
            Shelf(Room(Trip("", firstDay = ""), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Providers to client.providers().let { room ->
            Shelf(Room(Provider("", uniffi.kinfolio.ProviderForm.TUTOR), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Qualifications to client.qualifications().let { room ->
            Shelf(Room(Qualification(""), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Skills to client.skills().let { room ->
            Shelf(Room(Skill("", "", state = uniffi.kinfolio.SkillState.OPEN), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
        Kind.Letters to client.letters().let { room ->
            Shelf(Room(Letter("", day = ""), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
        },
    )

    @Volatile private var private: Map<Kind, Shelf<*>> = emptyMap()

    /** The shelf of a kind; of a private one only between [unlock] and [lock]. */
    operator fun get(kind: Kind): Shelf<*> = checkNotNull(find(kind)) { "$kind is locked" }

    /** The same; null: it is locked. */
    fun find(kind: Kind): Shelf<*>? = byKind[kind] ?: private[kind]

    /** Opens needs notes and assessments, for somebody who has shown who they are. */
    suspend fun unlock(): Outcome<Unit> = ask {
        val opened = client.private(object : Presence {
            override fun confirm() = true
        })
        private = mapOf(
            Kind.Needs to opened.needs().let { room ->
                Shelf(Room(NeedsNote(day = ""), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                    { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
            },
            Kind.Assessments to opened.assessments().let { room ->
                Shelf(Room(Assessment("", day = ""), { room.add(it).let { kept -> kept.id to kept.item } }, { room.get(it).item },
                    { look -> room.list(look).map { it.id to it.item } }, { id, base, now -> room.save(id, base, now).item }, room::trash, room::restore, ::read, ::write))
            },
        )
    }

    /** They are asked for anew. */
    fun lock() {
        private = emptyMap()
    }
}
