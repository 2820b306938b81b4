package kinfolio.app

import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.ui.Modifier
import kinfolio.ui.Opened
import kinfolio.ui.Outside
import kinfolio.ui.adding.QuickAdd
import kinfolio.ui.look.Comforts

/** One line, one child, Save: from the home screen, without the rest of the app. */
class QuickAddActivity : ComponentActivity() {
    override fun onCreate(saved: Bundle?) {
        super.onCreate(saved)
        val app = application as Kinfolio
        setContent {
            Opened(app.words, faces(assets), look(resources), Comforts(app.memos).state.value, app::core, Modifier.fillMaxSize().safeDrawingPadding()) {
                QuickAdd(device(app, it, Outside(memos = app.memos)), ::finish)
            }
        }
    }
}
