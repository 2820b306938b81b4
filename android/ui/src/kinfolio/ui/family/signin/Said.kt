package kinfolio.ui.family.signin

import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import kinfolio.bridge.Problem
import kinfolio.ui.Words

/** Why something with the server was not done, in words. */
internal fun said(problem: Problem, words: Words): String = when (problem) {
    is Problem.Offline -> words["no_answer"]
    is Problem.SignInAgain -> words["signed_out_by_server"]
    is Problem.ShowYourself -> words["show_yourself"]
    is Problem.UpdateApp -> words["update_the_app"]
    else -> sentence(problem.reason)
}

/** The core's fragments as sentences. */
internal fun sentence(reason: String): String = reason.replaceFirstChar(Char::uppercase).trimEnd('.') + "."

/** `14:02` today, `16 Apr, 18:20` before. */
internal fun moment(ms: Long, zone: ZoneId, today: LocalDate, words: Words): String {
    val at = Instant.ofEpochMilli(ms).atZone(zone)
    val pattern = if (at.toLocalDate() == today) "HH:mm" else "d MMM, HH:mm"
    return at.format(DateTimeFormatter.ofPattern(pattern, words.locale))
}

/** The day of a moment: `Fri 17 Apr 2026`. */
internal fun dayOf(ms: Long, zone: ZoneId, words: Words): String = words.day(Instant.ofEpochMilli(ms).atZone(zone).toLocalDate())
