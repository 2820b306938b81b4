package kinfolio.ui.reports

import kinfolio.bridge.Core
import kinfolio.bridge.Kind
import kinfolio.bridge.Outcome
import kinfolio.bridge.Shelved
import kinfolio.bridge.Slot
import kinfolio.ui.stage.Latest
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch

/** Needs notes and assessments of the learner of a report, and which are ticked. */
data class TakeInState(
    val nickname: String = "",
    /** Null until they are read. */
    val things: List<Shelved>? = null,
    val ticked: Set<String> = emptySet(),
    val wrong: String? = null,
)

/** Takes needs notes and assessments into a section, one by one. Only while they are open. */
class TakeInModel(private val core: Core, private val report: String, private val key: String, private val scope: CoroutineScope) {
    private val shown = MutableStateFlow(TakeInState())
    val state: StateFlow<TakeInState> = shown.asStateFlow()
    private val latest = Latest(scope)

    fun load() = latest.begin {
        val learner = when (val open = core.reports.open(report)) {
            is Outcome.Done -> open.value.report.learner
            is Outcome.Failed -> return@begin wrong(open.problem.reason)
        }
        val things = Kind.entries.filter { it.isPrivate }.flatMap { kind ->
            when (val read = core.shelves[kind].list(learner)) {
                is Outcome.Done -> read.value
                is Outcome.Failed -> return@begin wrong(read.problem.reason)
            }
        }
        val nickname = (core.learners.list() as? Outcome.Done)?.value?.find { it.id == learner }?.nickname.orEmpty()
        shown.update { it.copy(nickname = nickname, things = things.sortedBy { thing -> thing.item[Slot.First] }) }
    }

    fun tick(id: String, isTicked: Boolean) = shown.update { it.copy(ticked = if (isTicked) it.ticked + id else it.ticked - id, wrong = null) }

    fun wrong(why: String) = shown.update { it.copy(wrong = why) }

    /** What is ticked becomes paragraphs at the end of the section. */
    fun take(paragraph: (Shelved) -> String, onDone: () -> Unit) {
        scope.launch {
            val chosen = shown.value.things.orEmpty().filter { it.id in shown.value.ticked }.map(paragraph)
            val open = core.reports.open(report)
            val written = when (open) {
                is Outcome.Failed -> open
                is Outcome.Done -> {
                    val text = open.value.report.sections.first { it.key == key }.text
                    core.reports.write(open.value, key, (listOf(text).filter { it.isNotBlank() } + chosen).joinToString("\n"))
                }
            }
            if (written is Outcome.Failed) wrong(written.problem.reason) else onDone()
        }
    }
}
