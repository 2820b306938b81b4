package kinfolio.ui.firstrun

import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.collectAsState
import androidx.compose.runtime.getValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import kinfolio.ui.LocalWords
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Field
import kinfolio.ui.parts.MainButton
import kinfolio.ui.parts.Pictures
import kinfolio.ui.parts.TextAction

/** A nickname, a picture, a first line: an entry in under a minute. */
@Composable
fun FirstRunScreen(model: FirstRunModel, onJoin: () -> Unit, onLook: (() -> Unit)?) {
    val words = LocalWords.current
    val state by model.state.collectAsState()
    val colours = MaterialTheme.colorScheme
    Column(Modifier.fillMaxSize().verticalScroll(rememberScrollState()).padding(16.dp)) {
        Row(Modifier.padding(vertical = 16.dp), verticalAlignment = Alignment.CenterVertically) {
            Icon(Icons.Notebook, null, Modifier.size(20.dp), tint = colours.primary)
            Text(words["app"], Modifier.padding(start = 12.dp), style = MaterialTheme.typography.titleMedium, color = colours.primary)
        }
        Text(words["who_is_learning"], Modifier.semantics { heading() }, style = MaterialTheme.typography.headlineMedium, color = colours.onBackground)
        Text(words["nickname_is_enough"], style = MaterialTheme.typography.bodyLarge, color = colours.onSurfaceVariant)
        Field(words["nickname"], state.nickname, model::type, Modifier.padding(top = 20.dp), wrong = state.nicknameWrong)
        Text(words["picture"], Modifier.padding(top = 16.dp, bottom = 4.dp), style = MaterialTheme.typography.labelMedium, color = colours.onSurfaceVariant)
        Pictures(state.picture, model::choose)
        val nickname = state.nickname.trim()
        val question = if (nickname.isEmpty()) words["what_today_nobody"] else words["what_today", nickname]
        Text(question, Modifier.padding(top = 24.dp, bottom = 4.dp).semantics { heading() }, style = MaterialTheme.typography.titleLarge, color = colours.onBackground)
        Field(question, state.text, model::write, lines = 3, wrong = state.textWrong, showsLabel = false)
        Row(Modifier.padding(vertical = 16.dp), verticalAlignment = Alignment.CenterVertically) {
            Icon(Icons.Calendar, null, Modifier.size(20.dp), tint = colours.onSurfaceVariant)
            val today = words["today_is", words.day(state.day)]
            Text(today, Modifier.padding(start = 12.dp), style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
        }
        MainButton(words["save_first_entry"], model::save, Modifier.fillMaxWidth())
        Text(words["stays_here"], Modifier.padding(top = 12.dp), style = MaterialTheme.typography.bodyMedium, color = colours.onSurfaceVariant)
        TextAction(words["join_title"], onJoin, Modifier.padding(top = 8.dp), Icons.People)
        onLook?.let { TextAction(words["sample_look"], it, icon = Icons.See) }
    }
}
