package kinfolio.bridge

import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import uniffi.kinfolio.ChangeKind
import uniffi.kinfolio.ChangeListener
import uniffi.kinfolio.Client
import uniffi.kinfolio.Clock
import uniffi.kinfolio.SecretStore

/** Where the platform keeps the store's key. Called on the core's own threads. */
interface Secrets {
    fun load(name: String): ByteArray?
    fun save(name: String, secret: ByteArray)
}

/** What a change was in: screens that show it ask again. */
enum class Part { Learners, Subjects, Entries, Photos, Sync, Other }

/** The record on this phone. Everything that screens do goes through it. */
class Core private constructor(private val opened: Client) {
    private val rooms = Rooms()
    private val client = rooms.remembered(opened)
    val learners = Learners(client.learners())
    val entries = Entries(client.entries())
    val finding = Finding(client.find())
    val savedFilters = SavedFilters(client.filters())
    val lookingBack = LookingBack(client.days(), client.memories())
    val progress = Progress(client.coverage(), client.settings(), client.subjects(), client.targets())
    val editing = Editing(client.entries(), client.subjects(), client.capture())
    val attached = Attached(client.attachments())
    val trash = Trash(client.trash(), client.entries())
    val versions = Versions(client.versions())
    val timer = Timer(client.timer())
    val dayOut = DayOut(client.intake())
    val waiting = Waiting(client.intake())
    val due = Due(client.due())
    val week = Week(client.capture())
    val shelves = Shelves(client)
    val undo = Undo(client.undo())
    val sync = Sync(client.sync())
    val account = Account(client.account())
    val phones = Phones(client.keys())
    val joining = Joining(client.keys())
    val recovery = Recovery(client.keys())
    val reports = Reports(client.reports(), client.learners())
    val printing = Printing(client.reports())
    val portfolios = Portfolios(client.export())
    val takingAway = TakingAway(client.export())
    val safety = Safety(client.sync(), client.entries(), client.attachments(), client.settings(), client.keys())

    val subjects = Subjects(client.subjects())
    val settings = Settings(client.settings())
    val reminders = Reminders(client.reminders(), client.due())
    val imports = Imports(client.imports())
    val catchUp = CatchUp(client.catchUp())
    val log = FamilyLog(client.familyLog(), client.keys())

    /**
     * The parts in which something changed, from here or from another phone; first of all every part, once it listens: what was
     * written just before is missed by nobody who reads then. It listens while it is collected.
     */
    val changes: Flow<Set<Part>> = callbackFlow {
        val listener = object : ChangeListener {
            override fun changed(changes: List<uniffi.kinfolio.Change>) {
                trySend(changes.mapTo(HashSet()) { part(it.kind) })
            }
        }
        // On a record that was locked meanwhile nothing changes; who asks is told so.
        val subscription = ask { client.onChange(listener) }.or { null }
        trySend(Part.entries.toSet())
        awaitClose { subscription?.stop() }
    }.buffer(Channel.UNLIMITED)

    /** Whether long work is under way, such as reading in photos. */
    val isWorking: Boolean get() = working.get() > 0

    /**
     * Lets go of the store and of its key, once what pages write as they are left is written. From then on every question is answered
     * with [Problem.Locked].
     */
    suspend fun close() {
        quiet()
        rooms.close()
        opened.close()
    }

    companion object {
        /**
         * Opens the store in a folder that belongs to this app alone, outside of every backup, or makes it on the first run. The
         * device name is what the family's other phones show for this one. [decoder] knows the pictures that the core doesn't.
         * [nowMs]: the time, in milliseconds since 1970.
         */
        suspend fun open(
            folder: String, deviceName: String, secrets: Secrets, decoder: Decoder? = null, nowMs: () -> Long = System::currentTimeMillis,
        ): Outcome<Core> = ask {
            val kept = object : SecretStore {
                override fun load(name: String) = secrets.load(name)
                override fun save(name: String, secret: ByteArray) = secrets.save(name, secret)
            }
            val clock = object : Clock {
                override fun nowMs() = nowMs()
            }
            Core(Client.open(folder, deviceName, kept, decoder?.forCore(), clock))
        }
    }
}

private fun part(kind: ChangeKind): Part = when (kind) {
    ChangeKind.LEARNER -> Part.Learners
    ChangeKind.SUBJECT -> Part.Subjects
    ChangeKind.ENTRY -> Part.Entries
    ChangeKind.ATTACHMENT -> Part.Photos
    ChangeKind.SYNC, ChangeKind.ACCOUNT, ChangeKind.KEYS -> Part.Sync
    else -> Part.Other
}
