package kinfolio.ui.family.imports

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import kinfolio.bridge.FileFrom
import kinfolio.bridge.NotIn
import kinfolio.bridge.TakenIn
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Card
import kinfolio.ui.parts.Head
import kinfolio.ui.parts.Help
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.Loading
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.OtherButton
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.parts.Working
import kinfolio.ui.parts.Wrong
import kinfolio.ui.stage.LocalStage
import kinfolio.ui.stage.Page
import kinfolio.ui.stage.kept

/** Brings in what was written elsewhere. */
object ImportPage : Page {
    @Composable
    override fun Content() {
        val stage = LocalStage.current
        val words = stage.words
        val photos = stage.device.outside.photos
        val model = kept { ImportModel(stage.core, it) { photos?.let { of -> (of.files ?: of::choose)() }?.firstOrNull() } }
        val state by model.state.collectAsState()
        val isAsking = state.looked != null && state.far == null && state.done == null
        val foot: (@Composable () -> Unit)? = if (!isAsking) null else {
            {
                OtherButton(words["import_other_file"], model::again)
                MainButton(words[if (state.isStopped) "import_go_on" else "import_take"], model::take)
            }
        }
        PageFrame(words["imports"], foot = foot) {
            val (far, done) = state.far to state.done
            when {
                done != null -> Came(done, model::again)
                far != null -> Working(words["import_working", far.done, far.total], far.part, model::stop)
                state.isLooking && state.looked == null -> Loading()
                state.looked != null -> ImportQuestions(state, model)
                else -> Choose(state, model)
            }
        }
    }
}

@Composable
private fun ColumnScope.Choose(state: ImportState, model: ImportModel) {
    val stage = LocalStage.current
    val words = stage.words
    Help(words["import_what"])
    // A file that can't be read is named.
    state.failed?.let { Wrong(words["import_unreadable", state.file?.name.orEmpty(), it]) }
    ListRow(words["import_kinfolio"], detail = words["import_kinfolio_what"], icon = Icons.Notebook) { model.pick(FileFrom.Kinfolio) }
    Line()
    ListRow(words["import_dayone"], detail = words["import_dayone_what"], icon = Icons.Book) { model.pick(FileFrom.DayOne) }
    Line()
    ListRow(words["import_table"], detail = words["import_table_what"], icon = Icons.Table) { model.pick(FileFrom.Table) }
    Line()
    ListRow(words["catch_up"], detail = words["catch_up_row"], icon = Icons.Image) { stage.way.open(CatchUpPage) }
}

@Composable
private fun Came(done: TakenIn, again: () -> Unit) {
    val words = LocalStage.current.words
    Card {
        val lines = listOf("import_added" to done.added, "import_photos" to done.photos, "import_completed" to done.completed, "import_unchanged" to done.unchanged)
        for ((name, number) in lines) if (number > 0 || name == "import_added") Text(words.count(name, number.toLong()), style = MaterialTheme.typography.bodyLarge)
    }
    NotInList(words["import_kept"], done.kept)
    NotInList(words["import_problems"], done.problems)
    OtherButton(words["import_other_file"], again)
}

/** What did not come in, each with its reason. */
@Composable
internal fun NotInList(head: String, all: List<NotIn>) {
    if (all.isEmpty()) return
    Head(head)
    Column {
        for (one in all.take(MOST_LISTED)) {
            ListRow(one.item, detail = one.why)
            Line()
        }
        if (all.size > MOST_LISTED) Help(LocalStage.current.words.count("import_more", (all.size - MOST_LISTED).toLong()))
    }
}

private const val MOST_LISTED = 50
