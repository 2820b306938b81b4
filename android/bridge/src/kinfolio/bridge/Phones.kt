package kinfolio.bridge

import uniffi.kinfolio.Device
import uniffi.kinfolio.KeysClient

/** A phone of the family, past ones included. Texts are empty when they are unknown here. */
data class Phone(
    val id: String,
    val name: String,
    val member: String,
    val addedBy: String,
    val addedMs: Long,
    val isThis: Boolean,
    val isRemoved: Boolean,
)

/** The family's phones, and this one's place among them. */
class Phones internal constructor(private val client: KeysClient) {
    /** The server that holds the family's copy; none until sync is turned on. */
    suspend fun server(): Outcome<String?> = ask { client.place().server }

    /** Every phone of the family as this one knows it; asks nobody. */
    suspend fun list(): Outcome<List<Phone>> = ask { client.devices().map(::phone) }

    /** Calls this phone by another name, on every phone of the family. */
    suspend fun rename(name: String): Outcome<Unit> = ask { client.renameDevice(name) }

    /** Turns sync on for this family. What was done is not done twice. */
    suspend fun turnOnSync(): Outcome<Unit> = ask { client.turnOnSync() }

    /** Binds a new sign-in to this phone. */
    suspend fun bind(): Outcome<Unit> = ask { client.bind() }

    /** Finishes what an earlier run began. */
    suspend fun resume(): Outcome<Unit> = ask { client.resumePending() }

    /** Looks once more after the alarm that the server shows another history. */
    suspend fun lookAgain(): Outcome<Unit> = ask { client.lookAgain() }

    /** Lets the sign-in through whose page shows these ten digits. */
    suspend fun letThrough(digits: String): Outcome<Unit> = ask { client.letSignInThrough(digits) }
}

private fun phone(of: Device) =
    Phone(of.id, of.name, of.member, of.addedBy, of.addedMs.toLong(), of.`this`, of.removed)
