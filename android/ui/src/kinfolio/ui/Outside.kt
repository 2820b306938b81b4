package kinfolio.ui

import androidx.compose.ui.graphics.ImageBitmap
import java.io.File
import kinfolio.ui.family.lock.Guard
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow

/** How this device is connected, as far as the platform tells. */
enum class Network { None, Wifi, Mobile }

/** A place that waits for the browser to come back from a sign-in page. */
interface ComeBack : AutoCloseable {
    /** Where the browser is to come back to. */
    val redirect: String

    /** Whether that is this machine itself; else it is a link of the app's. */
    val isLoopback: Boolean

    /** The whole address that the browser came back to. */
    suspend fun callback(): String
}

/** The browser of the device. */
interface Browser {
    /** Begins to wait for an answer of that server's sign-in page. */
    suspend fun comeBack(server: String): ComeBack

    /** Opens a page; false: there is no browser that could. */
    suspend fun open(url: String): Boolean
}

/** How a square is read here. */
enum class ScanBy { Camera, Picture }

/** Reads squares. */
interface Scanner {
    val by: ScanBy

    /** What a square held; none when nobody showed one. Throws [NoSquare] for a picture without one. */
    suspend fun scan(): ByteArray?
}

/** A file that was chosen: where it is, and what it is called. */
data class Picked(val path: String, val name: String)

/** Where photos and files come from on this device. */
interface Photos {
    /** What was chosen, in its order; none when nobody chose. */
    suspend fun choose(): List<Picked>

    /** Whether a photo can be taken now. */
    val hasCamera: Boolean get() = false

    /** Chooses files that are no photos; null: [choose] offers them, too. */
    val files: (suspend () -> List<Picked>)? get() = null

    /** A photo that was taken now; none when nobody took one. */
    suspend fun take(): Picked? = null

    /** A JPEG as it is drawn; none when it is none. Called off the main thread. */
    fun decode(jpeg: ByteArray): ImageBitmap?
}

/** A file that is to be written. */
interface Target {
    /** Where the core writes it. */
    val path: String

    /** What a person calls the place. */
    val shown: String

    /** Brings what was written to where the person wanted it; false: it could not be kept there. */
    suspend fun finish(): Boolean = true

    /** Shows the file in whatever opens it here; false: nothing does. */
    suspend fun open(): Boolean
}

/** Where documents go. */
interface Saves {
    /** Asks where a file of this name goes; none when nobody said. */
    suspend fun choose(name: String): Target?
}

/** Hides the screen from screenshots. */
fun interface Shield {
    fun hide(isOn: Boolean)
}

/** There is no square in what was shown. */
class NoSquare : Exception()

/** Small things that a page keeps on this device between two starts. Nothing of the record and no key. */
interface Memos {
    fun read(name: String): String?

    fun write(name: String, value: String?)
}

private class NoBrowser : Browser {
    override suspend fun comeBack(server: String): ComeBack = error("there is no browser here")
    override suspend fun open(url: String) = false
}

private class MemosWhileItRuns : Memos {
    private val kept = HashMap<String, String>()
    override fun read(name: String) = kept[name]
    override fun write(name: String, value: String?) {
        if (value == null) kept.remove(name) else kept[name] = value
    }
}

/** What lies around the app on a device, and what it may ask of it. */
class Outside(
    val browser: Browser = NoBrowser(),
    val scanner: Scanner? = null,
    val network: StateFlow<Network> = MutableStateFlow(Network.Wifi),
    val memos: Memos = MemosWhileItRuns(),
    /** The address of the server that is offered first; empty: there is none. */
    val server: String = "",
    val photos: Photos? = null,
    val saves: Saves? = null,
    /** Keeps what is shown out of screenshots and films of the screen while it is asked to. */
    val shield: Shield = Shield {},
    /** What locks the record; none: the device does that. */
    val guard: Guard? = null,
    /** Gives a new empty folder for a record that is thrown away again. */
    val throwaway: (() -> File)? = null,
)
