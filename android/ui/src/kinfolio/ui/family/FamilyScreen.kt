package kinfolio.ui.family

import androidx.compose.runtime.Composable
import kinfolio.ui.family.account.AccountPage
import kinfolio.ui.family.comfort.ComfortPage
import kinfolio.ui.family.help.HelpPage
import kinfolio.ui.family.imports.ImportPage
import kinfolio.ui.family.lock.LockPage
import kinfolio.ui.family.log.LogPage
import kinfolio.ui.family.phones.PhonesPage
import kinfolio.ui.family.reminders.RemindersPage
import kinfolio.ui.family.safety.SafetyPage
import kinfolio.ui.family.settings.SettingsPage
import kinfolio.ui.family.subjects.SubjectsPage
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
        Line()
        ListRow(words["reminders"], detail = words["reminders_row"], icon = Icons.Bell) { way.open(RemindersPage) }
        stage.device.outside.guard?.let { guard ->
            Line()
            ListRow(words["lock"], detail = words[if (guard.lock.hasPin) "lock_row" else "lock_row_none"], icon = Icons.Lock) { way.open(LockPage) }
        }
        Line()
        ListRow(words["comfort"], detail = words["comfort_row"], icon = Icons.See) { way.open(ComfortPage) }
        Line()
        ListRow(words["subjects_page"], detail = words["subjects_row"], icon = Icons.Notebook) { way.open(SubjectsPage) }
        Line()
        ListRow(words["settings"], detail = words["settings_row"], icon = Icons.Calendar) { way.open(SettingsPage) }
        Line()
        ListRow(words["imports"], detail = words["imports_row"], icon = Icons.Download) { way.open(ImportPage) }
        Line()
        ListRow(words["family_log"], detail = words["family_log_row"], icon = Icons.History) { way.open(LogPage) }
        Line()
        ListRow(words["help"], detail = words["help_row"], icon = Icons.Help) { way.open(HelpPage) }
    }
}
