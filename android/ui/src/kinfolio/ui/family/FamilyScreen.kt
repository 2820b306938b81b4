package kinfolio.ui.family

import androidx.compose.runtime.Composable
import kinfolio.ui.family.account.AccountPage
import kinfolio.ui.family.comfort.ComfortPage
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
    val (words, way) = LocalStage.current.let { it.words to it.way }
    PageFrame(words["family"]) {
        ListRow(words["safety"], detail = words["safety_row"], icon = Icons.Stored) { way.open(SafetyPage) }
        Line()
        ListRow(words["phones"], detail = words["phones_row"], icon = Icons.OnPhone) { way.open(PhonesPage) }
        Line()
        ListRow(words["account"], detail = words["account_row"], icon = Icons.Key) { way.open(AccountPage) }
        Line()
        ListRow(words["comfort"], detail = words["comfort_row"], icon = Icons.See) { way.open(ComfortPage) }
    }
}
