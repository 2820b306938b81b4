package kinfolio.bridge

import kinfolio.bridge.Slot.*
import kotlin.math.roundToLong
import uniffi.kinfolio.Assessment
import uniffi.kinfolio.DayMark
import uniffi.kinfolio.Goal
import uniffi.kinfolio.Letter
import uniffi.kinfolio.NeedsNote
import uniffi.kinfolio.Plan
import uniffi.kinfolio.Provider
import uniffi.kinfolio.Qualification
import uniffi.kinfolio.Reading
import uniffi.kinfolio.Skill
import uniffi.kinfolio.TaughtBy
import uniffi.kinfolio.Template
import uniffi.kinfolio.Trip

// How the things of each kind are read and written. What has no slot, the entries that show a goal among it, stays as it was.

internal fun read(of: Reading) = item(
    of.learners, of.subjects, Title to of.title, Author to of.author, Form to of.form, How to of.how, Started to of.startedOn,
    Finished to of.finishedOn, Rating to of.rating, Note to of.note,
)

internal fun write(base: Reading, now: Item) = base.copy(
    title = now[Title], author = now[Author], form = now.choice(Form) ?: base.form, how = now.choice(How), startedOn = now.maybe(Started),
    finishedOn = now.maybe(Finished), rating = now.number(Rating), note = now[Note], learners = now.learners, subjects = now.subjects,
)

internal fun read(of: Goal) = item(
    of.learners, listOfNotNull(of.subject), Title to of.title, State to of.state, Target to of.targetOn, Ended to of.endedOn, Note to of.note,
)

internal fun write(base: Goal, now: Item) = base.copy(
    title = now[Title], state = now.choice(State) ?: base.state, targetOn = now.maybe(Target), endedOn = now.maybe(Ended), note = now[Note],
    subject = now.subjects.firstOrNull(), learners = now.learners,
)

internal fun read(of: Plan) = item(of.learners, of.subjects, Title to of.title, First to of.weekOf, Minutes to of.minutes, Note to of.note)

internal fun write(base: Plan, now: Item) = base.copy(
    title = now[Title], weekOf = now[First], minutes = now.number(Minutes), note = now[Note], learners = now.learners, subjects = now.subjects,
)

internal fun read(of: Template) = item(
    of.learners, of.subjects, Title to of.name, About to of.title, Note to of.note, Minutes to of.minutes, Weekdays to of.weekdays,
    First to of.firstDay, Last to of.lastDay, EveryWeeks to of.everyWeeks, By to of.taught.by, Where to of.taught.place,
)

/** A named provider goes when somebody else is said to teach. */
internal fun write(base: Template, now: Item): Template {
    val by = now.choice<TaughtBy>(By)
    val taught = base.taught.copy(by = by, provider = base.taught.provider.takeIf { by == TaughtBy.PROVIDER }, place = now.choice(Where))
    return base.copy(
        name = now[Title], title = now[About], note = now[Note], minutes = now.number(Minutes), weekdays = now.number(Weekdays),
        firstDay = now.maybe(First), lastDay = now.maybe(Last), everyWeeks = now.number(EveryWeeks), taught = taught, learners = now.learners,
        subjects = now.subjects,
    )
}

internal fun read(of: uniffi.kinfolio.Target) = item(
    of.learners, emptyList(), First to of.firstDay, Last to of.lastDay, DaysCount to of.days, Hours to of.minutes?.let(::hours),
    CoreHours to of.coreMinutes?.let(::hours), CoreHomeHours to of.coreHomeMinutes?.let(::hours),
)

internal fun write(base: uniffi.kinfolio.Target, now: Item) = base.copy(
    firstDay = now[First], lastDay = now.maybe(Last), days = now.number(DaysCount), minutes = now.minutes(Hours),
    coreMinutes = now.minutes(CoreHours), coreHomeMinutes = now.minutes(CoreHomeHours), learners = now.learners,
)

internal fun read(of: DayMark) = item(
    of.learners, emptyList(), Mark to of.mark, First to of.firstDay, Last to of.lastDay, Minutes to of.minutes, Remark to of.note,
)

internal fun write(base: DayMark, now: Item) = base.copy(
    mark = now.choice(Mark) ?: base.mark, firstDay = now[First], lastDay = now.maybe(Last), minutes = now.number(Minutes), note = now[Remark],
    learners = now.learners,
)

internal fun read(of: Trip) = item(
    of.learners, emptyList(), Title to of.title, Place to of.place, First to of.firstDay, Last to of.lastDay, Note to of.note,
)

internal fun write(base: Trip, now: Item) = base.copy(
    title = now[Title], place = now[Place], firstDay = now[First], lastDay = now.maybe(Last), note = now[Note], learners = now.learners,
)

internal fun read(of: Provider) = item(
    of.learners, of.subjects, Title to of.name, Form to of.form, Place to of.place, Address to of.address, Website to of.website,
    Online to if (of.online) "yes" else "", Minutes to of.minutesAWeek, Since to of.since, Until to of.until, Note to of.note,
)

internal fun write(base: Provider, now: Item) = base.copy(
    name = now[Title], form = now.choice(Form) ?: base.form, place = now[Place], address = now[Address], website = now[Website],
    online = now[Online].isNotEmpty(), minutesAWeek = now.number(Minutes), since = now.maybe(Since), until = now.maybe(Until), note = now[Note],
    learners = now.learners, subjects = now.subjects,
)

internal fun read(of: Qualification) = item(
    of.learners, listOfNotNull(of.subject), Title to of.title, Board to of.board, Level to of.level, Centre to of.centre, EnterBy to of.enterBy,
    Fee to of.fee, ExamOn to of.examOn, Result to of.result, ResultOn to of.resultOn, Note to of.note,
)

internal fun write(base: Qualification, now: Item) = base.copy(
    title = now[Title], board = now[Board], level = now[Level], centre = now[Centre], enterBy = now.maybe(EnterBy), fee = now[Fee],
    examOn = now.maybe(ExamOn), result = now[Result], resultOn = now.maybe(ResultOn), note = now[Note],
    subject = now.subjects.firstOrNull(), learners = now.learners,
)

internal fun read(of: Skill) = item(of.learners, emptyList(), Group to of.list, Title to of.title, State to of.state, Ended to of.on)

internal fun write(base: Skill, now: Item) = base.copy(
    list = now[Group], title = now[Title], state = now.choice(State) ?: base.state, on = now.maybe(Ended), learners = now.learners,
)

internal fun read(of: Letter) = item(
    of.learners, emptyList(), Sent to if (of.sent) "yes" else "", Title to of.party, About to of.about, First to of.day, AnswerBy to of.answerBy,
    Answer to of.answeredBy, Reference to of.reference, Note to of.text, Scans to of.pages,
)

internal fun write(base: Letter, now: Item) = base.copy(
    sent = now[Sent].isNotEmpty(), party = now[Title], about = now[About], day = now[First], answerBy = now.maybe(AnswerBy),
    answeredBy = now.maybe(Answer), reference = now[Reference], text = now[Note], pages = now.maybe(Scans), learners = now.learners,
)

internal fun read(of: NeedsNote) = item(of.learners, emptyList(), Title to of.title, First to of.day, Note to of.text)

internal fun write(base: NeedsNote, now: Item) = base.copy(title = now[Title], day = now[First], text = now[Note], learners = now.learners)

internal fun read(of: Assessment) = item(
    of.learners, listOfNotNull(of.subject), Title to of.title, First to of.day, Result to of.result, Author to of.assessor, Note to of.note,
)

internal fun write(base: Assessment, now: Item) = base.copy(
    title = now[Title], day = now[First], result = now[Result], assessor = now[Author], note = now[Note], subject = now.subjects.firstOrNull(),
    learners = now.learners,
)

private fun item(learners: List<String>, subjects: List<String>, vararg filled: Pair<Slot, Any?>): Item {
    val texts = filled.mapNotNull { (slot, of) -> (if (of is Enum<*>) of.name.lowercase() else of?.toString())?.takeIf(String::isNotEmpty)?.let { slot to it } }
    return Item(texts.toMap(), learners, subjects)
}

private fun Item.maybe(slot: Slot): String? = filled[slot]

private fun Item.number(slot: Slot): Long? = this[slot].trim().toLongOrNull()

/** `900`, or `1.5`. */
private fun hours(minutes: Long): String = if (minutes % 60 == 0L) (minutes / 60).toString() else (minutes / 60.0).toString()

private fun Item.minutes(slot: Slot): Long? = hours(this[slot])?.let { (it * 60).roundToLong() }

/** Hours as somebody types them; null: none, or not a number. */
fun hours(typed: String): Double? = typed.trim().replace(',', '.').toDoubleOrNull()

private inline fun <reified E : Enum<E>> Item.choice(slot: Slot): E? = enumValues<E>().find { it.name.lowercase() == this[slot] }
