package kinfolio.ui

import java.time.LocalDate
import java.time.ZoneId
import kinfolio.bridge.Core
import kinfolio.ui.look.Faces
import kinfolio.ui.look.Look

/** What the screens need of where they run. */
class Device(
    val core: Core,
    val words: Words,
    val faces: Faces,
    val look: Look,
    val zone: ZoneId,
    val outside: Outside = Outside(),
    val today: () -> LocalDate,
)
