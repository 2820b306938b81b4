package kinfolio.bridge

import kinfolio.bridge.Slot.*

/**
 * How a slot is filled in: [Hours] with as many decimals as somebody types, [Weekdays] as the sum of Monday 1, Tuesday 2, Wednesday 4 and
 * so on, [Other] by another thing of the kind, [Pages] by a draft that holds photos or a file.
 */
enum class SlotForm { Text, Note, Day, Choice, Number, Hours, Weekdays, Yes, Other, Pages }

/** What a small thing may have. [range]: what a number may be. */
enum class Slot(val form: SlotForm, val range: IntRange = 1..10_080) {
    Title(SlotForm.Text), Author(SlotForm.Text), Form(SlotForm.Choice), How(SlotForm.Choice), Started(SlotForm.Day), Finished(SlotForm.Day),
    Rating(SlotForm.Choice), State(SlotForm.Choice), Target(SlotForm.Day), Ended(SlotForm.Day), Mark(SlotForm.Choice), First(SlotForm.Day),
    Last(SlotForm.Day), Minutes(SlotForm.Number), Remark(SlotForm.Text), Place(SlotForm.Text), Address(SlotForm.Text), Website(SlotForm.Text),
    Online(SlotForm.Yes), Since(SlotForm.Day), Until(SlotForm.Day), Board(SlotForm.Text), Level(SlotForm.Text), Centre(SlotForm.Text),
    EnterBy(SlotForm.Day), Fee(SlotForm.Text), ExamOn(SlotForm.Day), Result(SlotForm.Text), ResultOn(SlotForm.Day), Group(SlotForm.Text),
    About(SlotForm.Text), Sent(SlotForm.Yes), AnswerBy(SlotForm.Day), Answer(SlotForm.Other), Reference(SlotForm.Text), Note(SlotForm.Note),
    Scans(SlotForm.Pages), Weekdays(SlotForm.Weekdays), EveryWeeks(SlotForm.Number, 2..52), By(SlotForm.Choice), Where(SlotForm.Choice),
    DaysCount(SlotForm.Number, 1..366), Hours(SlotForm.Hours, 1..5_000), CoreHours(SlotForm.Hours, 1..5_000), CoreHomeHours(SlotForm.Hours, 1..5_000),
}

/** How many subjects a thing of a kind may have. */
enum class SubjectsOf { None, One, Many }

/** A small kind of thing: what it has, in the order in which it is asked for, and what it can't be without. */
enum class Kind(val slots: List<Slot>, val needs: Set<Slot>, val subjects: SubjectsOf, private val choices: Map<Slot, List<String>> = emptyMap()) {
    Reading(
        listOf(Title, Author, Form, How, Started, Finished, Rating, Note), setOf(Title, Form), SubjectsOf.Many,
        mapOf(Form to names<uniffi.kinfolio.Form>(), How to names<uniffi.kinfolio.How>(), Rating to listOf("1", "2", "3", "4", "5")),
    ),
    Goals(listOf(Title, State, Target, Ended, Note), setOf(Title, State), SubjectsOf.One, mapOf(State to names<uniffi.kinfolio.GoalState>())),
    Plans(listOf(Title, First, Minutes, Note), setOf(Title, First), SubjectsOf.Many),
    Templates(
        listOf(Title, Weekdays, First, Last, EveryWeeks, About, Note, Minutes, By, Where), setOf(Title), SubjectsOf.Many,
        mapOf(By to names<uniffi.kinfolio.TaughtBy>(), Where to names<uniffi.kinfolio.Place>()),
    ),
    Targets(listOf(First, Last, DaysCount, Hours, CoreHours, CoreHomeHours), setOf(First), SubjectsOf.None),
    Days(listOf(Mark, First, Last, Minutes, Remark), setOf(Mark, First), SubjectsOf.None, mapOf(Mark to names<uniffi.kinfolio.Mark>())),
    Trips(listOf(Title, Place, First, Last, Note), setOf(Title, First), SubjectsOf.None),
    Providers(
        listOf(Title, Form, Place, Online, Minutes, Since, Until, Website, Address, Note), setOf(Title, Form), SubjectsOf.Many,
        mapOf(Form to names<uniffi.kinfolio.ProviderForm>()),
    ),
    Qualifications(listOf(Title, Board, Level, Centre, EnterBy, Fee, ExamOn, Result, ResultOn, Note), setOf(Title), SubjectsOf.One),
    Skills(listOf(Group, Title, State, Ended), setOf(Group, Title, State), SubjectsOf.None, mapOf(State to names<uniffi.kinfolio.SkillState>())),
    Letters(listOf(Sent, Title, About, First, AnswerBy, Answer, Reference, Note, Scans), setOf(Title, First), SubjectsOf.None),
    Needs(listOf(Title, First, Note), setOf(Title, First), SubjectsOf.None),
    Assessments(listOf(Title, First, Result, Author, Note), setOf(Title, First), SubjectsOf.One),
    ;

    /** Behind a question of its own, and in nothing that is shown, searched or made elsewhere. */
    val isPrivate: Boolean get() = this == Needs || this == Assessments

    /** What a slot of this kind may be. */
    fun choices(slot: Slot): List<String> = choices[slot].orEmpty()
}

/** What was typed into one: a day as `YYYY-MM-DD`, a choice by its name. What has nothing in it is not in [filled]. No learner is everybody. */
data class Item(val filled: Map<Slot, String> = emptyMap(), val learners: List<String> = emptyList(), val subjects: List<String> = emptyList()) {
    operator fun get(slot: Slot): String = filled[slot].orEmpty()

    fun with(slot: Slot, text: String): Item = copy(filled = if (text.isEmpty()) filled - slot else filled + (slot to text))
}

/** An item that is kept, and how it was when it was read: what another phone changes meanwhile stays. */
class Shelved internal constructor(val id: String, val item: Item, internal val base: Any)

private inline fun <reified E : Enum<E>> names(): List<String> = enumValues<E>().map { it.name.lowercase() }
