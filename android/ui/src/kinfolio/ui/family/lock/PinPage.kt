package kinfolio.ui.family.lock

import androidx.compose.foundation.layout.padding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import kinfolio.ui.Words
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** What is done with the PIN. */
enum class PinDoing(internal val title: String, internal val done: String) {
    Set("set_pin", "pin_set"), Change("change_pin", "pin_changed"), Remove("remove_pin", "pin_removed")
}

/** Fewer could be tried one after the other. */
private const val LEAST = 6

internal data class PinState(
    val now: String = "", val new: String = "", val again: String = "",
    val nowWrong: String? = null, val newWrong: String? = null, val againWrong: String? = null, val isAsking: Boolean = false,
)

internal class PinModel(private val doing: PinDoing, private val lock: Lock, private val scope: CoroutineScope, private val words: Words) {
    private val shown = MutableStateFlow(PinState())
    val state: StateFlow<PinState> = shown.asStateFlow()

    fun now(typed: String) = shown.update { it.copy(now = typed, nowWrong = null) }
    fun new(typed: String) = shown.update { it.copy(new = typed, newWrong = null) }
    fun again(typed: String) = shown.update { it.copy(again = typed, againWrong = null) }

    fun save(onSaved: () -> Unit) {
        val typed = shown.value
        if (typed.isAsking) return
        val nowWrong = words["pin_now_first"].takeIf { doing != PinDoing.Set && typed.now.isEmpty() }
        val newWrong = words["pin_short", LEAST].takeIf { doing != PinDoing.Remove && typed.new.length < LEAST }
        val againWrong = words["pin_differs"].takeIf { doing != PinDoing.Remove && newWrong == null && typed.again != typed.new }
        shown.update { it.copy(nowWrong = nowWrong, newWrong = newWrong, againWrong = againWrong) }
        if (listOfNotNull(nowWrong, newWrong, againWrong).isNotEmpty()) return
        shown.update { it.copy(isAsking = true) }
        scope.launch {
            val tried = lock.setPin(typed.now.takeIf { doing != PinDoing.Set }, typed.new.takeIf { doing != PinDoing.Remove })
            shown.update { it.copy(isAsking = false, nowWrong = wrongOf(tried, words)) }
            if (tried is Tried.Right) onSaved()
        }
    }
}

/** Sets, changes or removes the PIN. */
data class PinPage(val doing: PinDoing) : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val guard = checkNotNull(stage.device.outside.guard) { "there is no lock here" }
        val model = kept { PinModel(doing, guard.lock, it, words) }
        val state by model.state.collectAsState()
        DisposableEffect(Unit) {
            stage.device.outside.shield.hide(true)
            onDispose { stage.device.outside.shield.hide(false) }
        }
        fun save() = model.save {
            stage.way.back()
            stage.notices.say(words[doing.done])
        }
        PageFrame(words[doing.title], foot = { MainButton(if (state.isAsking) words["pin_looking"] else words[doing.title], ::save) }) {
            if (doing == PinDoing.Set) Help(words["set_pin_what"])
            if (doing == PinDoing.Remove) Help(words["no_pin_what"])
            val gap = Modifier.padding(top = 12.dp)
            if (doing != PinDoing.Set) Field(words["pin_now"], state.now, model::now, gap, wrong = state.nowWrong, onDone = ::save)
            if (doing == PinDoing.Remove) return@PageFrame
            Field(words["pin_new"], state.new, model::new, gap, wrong = state.newWrong, onDone = ::save)
            Field(words["pin_again"], state.again, model::again, gap, wrong = state.againWrong, onDone = ::save)
            Help(words["pin_lost_what"], gap)
        }
    }
}
