package kinfolio.ui.family

import androidx.compose.runtime.Composable
import kinfolio.ui.family.account.AccountPage
import kinfolio.ui.family.comfort.ComfortPage
import kinfolio.ui.family.lock.LockPage
import kinfolio.ui.family.phones.PhonesPage
import kinfolio.ui.family.safety.SafetyPage
import kinfolio.ui.look.Icons
import kinfolio.ui.parts.Line
import kinfolio.ui.parts.ListRow
import kinfolio.ui.parts.PageFrame
import kinfolio.ui.stage.LocalStage

/** What the family has set, and how its record is kept. */
@Composable
internal fun FamilyScreen() {
    val stage = LocalStage.current
    val (words, way) = stage.words to stage.way
    PageFrame(words["family"]) {
        ListRow(words["safety"], detail = words["safety_row"], icon = Icons.Stored) { way.open(SafetyPage) }
        Line()
        ListRow(words["phones"], detail = words["phones_row"], icon = Icons.OnPhone) { way.open(PhonesPage) }
        Line()
        ListRow(words["account"], detail = words["account_row"], icon = Icons.Key) { way.open(AccountPage) }
        stage.device.outside.guard?.let { guard ->
            Line()
            ListRow(words["lock"], detail = words[if (guard.lock.hasPin) "lock_row" else "lock_row_none"], icon = Icons.Lock) { way.open(LockPage) }
        }
        Line()
        ListRow(words["comfort"], detail = words["comfort_row"], icon = Icons.See) { way.open(ComfortPage) }
    }
}
