package kinfolio.app

import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.runtime.Composable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import java.time.LocalDate
import kinfolio.ui.Outside
import kinfolio.ui.adding.QuickAdd
import kinfolio.ui.adding.QuickNote
import kinfolio.ui.family.lock.Guarded
import kinfolio.ui.look.Comforts

/** One line, one child, Save: from the home screen, without the rest of the app. */
class QuickAddActivity : ComponentActivity() {
    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        val app = application as Kinfolio
        setContent {
            val note = @Composable { QuickNote(app.inbox, LocalDate.now(), ::finish) }
            Guarded(app.guard, app.words, faces(assets), look(resources), { Comforts(app.memos).state.value }, Modifier.safeDrawingPadding(), note) { core ->
                QuickAdd(remember(core) { device(app, core, Outside(memos = app.memos)) }, ::finish)
            }
        }
    }
}
