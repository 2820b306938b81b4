package kinfolio.desktop

import androidx.compose.ui.unit.DpSize
import androidx.compose.ui.unit.dp
import androidx.compose.ui.window.WindowState
import androidx.compose.ui.window.singleWindowApplication
import kinfolio.bridge.Core
import kinfolio.bridge.Outcome
import kinfolio.ui.App
import kinfolio.ui.Device
import kinfolio.ui.Outside
import kinfolio.ui.english
import kinfolio.ui.look.Look
import kotlinx.coroutines.runBlocking
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
    val core = when (val opened = runBlocking { Core.open(folder.resolve("record").toString(), "Computer", FileSecrets(folder.resolve("secrets"))) }) {
        is Outcome.Done -> opened.value
        is Outcome.Failed -> {
            System.err.println("The record does not open: ${opened.problem.reason}")
            exitProcess(1)
        }
    }
    val words = english()
    val outside = Outside(
        LoopbackBrowser(words["come_back_to_app"]), PictureScanner { chooseFile(words["join_choose"]) }, memos = FileMemos(folder),
        photos = FilePhotos { chooseFiles(words["choose_photos"]) },
    )
    val device = Device(core, words, faces(), Look.Light, ZoneId.systemDefault(), outside, LocalDate::now)
    singleWindowApplication(title = "Kinfolio", state = WindowState(size = DpSize(411.dp, 891.dp))) { App(device) }
}
