package kinfolio.ui

import java.time.LocalDate
import java.time.ZoneId
import kinfolio.bridge.Core
import kinfolio.ui.look.Comforts
import kinfolio.ui.look.Faces
import kinfolio.ui.look.Look

/** What the screens need of where they run. */
class Device(
    val core: Core,
    val words: Words,
    val faces: Faces,
    /** How the phone is: dark at night, where it follows the day. What a parent chose goes before it. */
    val look: Look,
    val zone: ZoneId,
    val outside: Outside = Outside(),
    val today: () -> LocalDate,
) {
    /** How the parent wants to read. */
    val comfort = Comforts(outside.memos)
}
