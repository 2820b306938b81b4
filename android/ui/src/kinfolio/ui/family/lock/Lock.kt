package kinfolio.ui.family.lock

/** What came of a PIN. */
sealed interface Tried {
    data object Right : Tried

    /** So many more can be tried before one has to wait. */
    data class Wrong(val left: Int) : Tried

    /** It was not looked at, or it was wrong: the next one is looked at after this time. */
    data class Wait(val ms: Long) : Tried
}

/** What keeps the key of the record on this device. */
interface Lock {
    /** Whether the key can't be had without a PIN. */
    val hasPin: Boolean

    /** Makes the key reachable. */
    suspend fun unlock(pin: String): Tried

    /** Sets, changes or, with no [new] one, removes the PIN. [now] is the one that is set, if one is. */
    suspend fun setPin(now: String?, new: String?): Tried

    /** From now on the key can't be reached without the PIN. */
    fun forget()

    /** Another way to the key than the PIN; null: there is none on this device. */
    val quick: Quick? get() = null
}

/** A finger or a face. The PIN stays the way that always works. */
interface Quick {
    /** Whether it opens the record. */
    val isOn: Boolean

    /** Asks for it, and makes the key reachable; false: nobody showed it. Throws [FingerChanged] once: from then on it is off. */
    suspend fun unlock(): Boolean

    /** Asks for it once, while the key is reachable; false: nobody showed it, or the device knows none. */
    suspend fun turnOn(): Boolean

    fun turnOff()
}

/** Somebody gave the device another finger or face: it must not open what the old ones did. */
class FingerChanged : Exception()
