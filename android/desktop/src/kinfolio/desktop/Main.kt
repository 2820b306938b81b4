package kinfolio.desktop

import androidx.compose.runtime.remember
import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.WindowState
import androidx.compose.ui.window.singleWindowApplication
import kinfolio.bridge.Core
import kinfolio.ui.App
import kinfolio.ui.Device
import kinfolio.ui.Outside
import kinfolio.ui.english
import kinfolio.ui.family.lock.Guard
import kinfolio.ui.family.lock.Guarded
import kinfolio.ui.family.lock.kept.DeviceFile
import kinfolio.ui.family.lock.kept.FileSecrets
import kinfolio.ui.look.Comforts
import kinfolio.ui.look.Look
import java.nio.file.Path
import java.time.LocalDate
import java.time.ZoneId
import kotlin.system.exitProcess

/** The app in a window of a phone's size. The one argument is the folder that keeps its record. */
fun main(arguments: Array<String>) {
    val folder = arguments.singleOrNull()?.let(Path::of) ?: run {
        System.err.println("Name one folder for the app's record.")
        exitProcess(2)
    }
    val secrets = FileSecrets(folder.resolve("secrets"), DeviceFile(deviceSecret()))
    val memos = FileMemos(folder)
    val guard = Guard(secrets, memos) { Core.open(folder.resolve("record").toString(), "Computer", secrets, HeifDecoder.here()) }
    val words = english()
    val faces = faces()
    val outside = Outside(
        LoopbackBrowser(words["come_back_to_app"]), PictureScanner { chooseFile(words["join_choose"]) }, memos = memos,
        photos = FilePhotos { chooseFiles(words["choose_photos"]) }, saves = FileSaves { chooseSaved(words["save_as"], it) }, guard = guard,
        throwaway = { emptied(folder) },
    )
    singleWindowApplication(title = "Kinfolio", state = WindowState(size = DpSize(411.dp, 891.dp))) {
        Guarded(guard, words, faces, Look.Light, { Comforts(memos).state.value }) { core ->
            App(remember(core) { Device(core, words, faces, Look.Light, ZoneId.systemDefault(), outside, LocalDate::now) })
        }
    }
}

/** Where a sample family lies while it is looked at. One that was left behind when the window was closed goes now. */
private fun emptied(folder: Path) = folder.resolve("sample").toFile().also {
    it.deleteRecursively()
    it.mkdirs()
}

/** Apart from the record, so that who copies that has only half of what opens it. */
private fun deviceSecret(): Path {
    val settings = System.getenv("XDG_CONFIG_HOME")?.takeIf(String::isNotBlank)?.let(Path::of) ?: Path.of(System.getProperty("user.home"), ".config")
    return settings.resolve("kinfolio").resolve("device")
}
