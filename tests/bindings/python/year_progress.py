"""What was done and what is meant: goals, hours, books, coverage, lists, a week."""
import asyncio

from phones import ANY, FIRST, LAST, Shown, days, phone, wait, k


class Progress:
    """Part of the year in year.py."""

    def test_23_goals_have_evidence_and_plans_become_entries(self):
        swim = self.create("Swam a length", "2026-06-01", self.ann)
        goal = k.Goal(title="Swim", state=k.GoalState.OPEN, target_on="2026-07-01", learners=[self.ann.id])
        kept = self.phone.goals().add(goal)
        done = self.phone.goals().save(kept.id, goal, k.Goal(
            title="Swim", state=k.GoalState.DONE, target_on="2026-07-01", ended_on="2026-06-01", learners=[self.ann.id], evidence=[swim.id]))
        self.assertEqual((done.item.state, done.item.evidence), (k.GoalState.DONE, [swim.id]))
        bread, kite, song = (self.phone.plans().add(k.Plan(title=title, week_of="2026-06-03", minutes=60)) for title in ("Bread", "Kite", "Song"))
        capture = self.phone.capture()
        entry = capture.do_plan(bread.id, "2026-06-04")
        self.assertEqual((entry.on_record, entry.minutes, len(entry.learners)), (True, 60, 2))
        self.assertEqual(self.phone.plans().get(bread.id).item.entry, entry.id)
        self.assertEqual({plan.item.title for plan in capture.unfinished("2026-06-01")}, {"Kite", "Song"})
        self.assertEqual(capture.week("2026-06-08"), [], "nothing moves by itself")
        moved = capture.move_plans([bread.id, kite.id, song.id], "2026-06-08")
        self.assertEqual({plan.item.title for plan in moved}, {"Kite", "Song"})
        self.assertEqual(len(capture.week("2026-06-14")), 2)

    def test_24_hours_are_split_and_never_counted_twice(self):
        totals = self.coverage(self.hedgehog).totals
        maths, forest = 45 * len(self.mondays), 91 * len(self.wednesdays)
        self.assertEqual(totals.minutes, maths + forest)
        self.assertEqual(totals.entries, len(self.mondays) + len(self.wednesdays) + len(self.walks))
        self.assertEqual(totals.days, len(set(self.mondays + self.wednesdays + self.walks)))
        self.assertEqual((totals.core_minutes, totals.core_home_minutes), (maths, maths))
        self.assertEqual((totals.home_minutes, totals.away_minutes), (maths, forest))
        self.assertEqual((totals.parent_minutes, totals.other_minutes), (maths, forest))
        rows = {row.subject: row.cells[0].minutes for row in self.coverage(self.hedgehog).rows}
        self.assertEqual({rows[self.science.id], rows[self.art.id]}, {46 * len(self.wednesdays), 45 * len(self.wednesdays)})
        self.assertEqual(self.coverage(self.otter).totals.minutes, forest)
        target = k.Target(first_day="2025-07-01", days=180, minutes=54_000, core_minutes=36_000, core_home_minutes=24_000)
        self.assertEqual(self.phone.targets().add(target).item, target)

    def test_24_the_timer_says_where_it_is_in_doubt(self):
        timer = self.phone.timer()
        timer.start(steady_ms=0)
        self.clock.ms += 25 * 60_000
        again = phone(self.place, self.clock)
        stopped = again.timer().stop("2026-06-01", steady_ms=25 * 60_000)
        self.assertEqual((stopped.minutes, stopped.doubtful, stopped.entry.minutes, stopped.entry.on_record), (25, False, 25, False))
        timer.start(steady_ms=0)
        self.clock.ms += 3 * 3_600_000
        stopped = timer.stop("2026-06-01", steady_ms=10 * 60_000)
        self.assertEqual((stopped.minutes, stopped.doubtful), (10, True), "somebody set the clock: no minute is invented")

    def test_25_the_reading_log(self):
        reading = self.phone.reading()
        reading.add(k.Reading(
            title="The Wind in the Willows", author="Kenneth Grahame", form=k.Form.BOOK, how=k.How.ALOUD, started_on="2026-02-01",
            finished_on="2026-03-09", rating=5, learners=[self.ann.id]))
        reading.add(k.Reading(title="Rivers", form=k.Form.BOOK, finished_on="2026-05-01", learners=[self.ben.id]))
        reading.add(k.Reading(title="Atlas", form=k.Form.BOOK))
        look = k.Look(learner=self.ann.id, first_day="2026-01-01", last_day="2026-12-31")
        self.assertEqual([book.item.title for book in reading.list(look)], ["The Wind in the Willows"])
        self.assertEqual([book.item.title for book in reading.list(k.Look())], ["Rivers", "The Wind in the Willows", "Atlas"])
        with self.assertRaises(k.KinfolioError.InvalidInput):
            reading.add(k.Reading(title="x", form=k.Form.BOOK, rating=6))

    def test_26_coverage_by_subject_and_term(self):
        found = self.coverage(self.hedgehog, k.Span.TERM)
        terms = [("2025-09-01", "2025-12-31"), ("2026-01-01", "2026-03-31"), ("2026-04-01", "2026-08-31")]
        self.assertEqual([(column.first_day, column.last_day) for column in found.columns], terms)
        [maths] = [row for row in found.rows if row.subject == self.maths.id]
        self.assertEqual([cell.entries for cell in maths.cells], [sum(first <= str(day) <= last for day in self.mondays) for first, last in terms])
        self.assertEqual(sum(cell.minutes for row in found.rows for cell in row.cells), found.totals.minutes)
        settings = self.phone.settings()
        base = settings.family()
        own = k.FamilySettings(
            year_start="09-01", week_start=k.WeekStart.MONDAY, weekly_minutes=None, year_groups=True,
            terms=[k.Term(name="Autumn", first_day="2025-09-08", last_day="2025-12-12"), k.Term(name="Spring", first_day="2026-01-05", last_day="2026-03-27")])
        settings.save_family(base, own)
        self.create("Sums", "2025-12-25", self.ann)
        columns = self.coverage(self.ann, k.Span.TERM, self.phone)
        self.assertEqual([(column.name, column.first_day) for column in columns.columns[:4]], [
            ("", "2025-09-01"), ("Autumn", "2025-09-08"), ("", "2025-12-13"), ("Spring", "2026-01-05")])
        self.assertEqual([cell.entries for cell in columns.whole[:4]], [0, 0, 1, 0])

    def test_27_lists_of_skills(self):
        skills = self.phone.skills()
        self.assertEqual(skills.list(k.Look()), [], "off unless somebody makes one")
        hops = k.Skill(list="Early years", title="Hops", order=1, state=k.SkillState.OPEN, learners=[self.ann.id])
        kept = skills.add(hops)
        done = skills.save(kept.id, hops, k.Skill(list="Early years", title="Hops", order=1, state=k.SkillState.DONE, on="2026-06-01", learners=[self.ann.id]))
        self.assertEqual((done.item.state, done.item.on), (k.SkillState.DONE, "2026-06-01"))

    def test_28_providers_trips_and_qualifications(self):
        self.assertEqual(self.club.item.address, "", "an address only if asked for")
        castle = self.create("Castle", "2026-04-10", self.ann)
        trip = self.phone.trips().add(k.Trip(title="Castle", place="Orford", first_day="2026-04-10", entries=[castle.id]))
        self.assertEqual(trip.item.entries, [castle.id])
        exam = k.Qualification(title="Biology", centre="Norwich", enter_by="2027-01-21", fee="£160", exam_on="2027-05-11", learners=[self.ann.id])
        kept = self.phone.qualifications().add(exam)
        self.assertEqual([due.kind for due in self.phone.due().until(self.ann.id, "2027-02-01")], [k.DueKind.EXAM_ENTRY])
        graded = k.Qualification(
            title="Biology", centre="Norwich", enter_by="2027-01-21", fee="£160", exam_on="2027-05-11", result="8", learners=[self.ann.id])
        self.phone.qualifications().save(kept.id, exam, graded)
        self.assertEqual(self.phone.due().until(self.ann.id, "2027-02-01"), [])

    def test_28_a_week_is_estimated(self):
        found = self.home.coverage().estimate(self.hedgehog.id, str(FIRST), str(LAST))
        length = len(days())
        week = lambda minutes: (minutes * 7 + length // 2) // length  # noqa: E731
        self.assertEqual(found.by_parents, week(45 * len(self.mondays)))
        self.assertEqual([(one.provider, one.minutes_a_week) for one in found.providers], [(self.club.id, week(91 * len(self.wednesdays)))])
        self.assertEqual(found.by_others, week(91 * len(self.wednesdays)))

    def test_57_what_is_due_is_told_outside_of_quiet_hours(self):
        yearly = k.Reminder(title="Report", due_on="2026-06-30", days_before=14, every=k.Every.YEAR)
        kept = self.phone.reminders().add(yearly)
        due = self.phone.due()
        self.assertEqual([(one.day, one.told_from) for one in due.until(None, "2026-12-31")], [("2026-06-30", "2026-06-16")])
        self.assertEqual([len(due.told(day, minute)) for day, minute in (("2026-06-15", 600), ("2026-06-16", 600), ("2026-06-16", 1_260))], [0, 1, 0])
        self.phone.reminders().save(kept.id, yearly, k.Reminder(
            title="Report", due_on="2026-06-30", days_before=14, every=k.Every.YEAR, done_on="2026-06-30"))
        self.assertEqual([one.day for one in due.until(None, "2027-12-31")], ["2027-06-30"])
        own = self.phone.settings().phone()
        self.assertEqual((own.reminders, own.quiet_start, own.quiet_end, own.weekly_jot), (True, 1_200, 480, None))
        own.reminders = False
        self.phone.settings().save_phone(own)
        self.assertEqual(due.told("2027-06-29", 600), [], "off is off")

    def test_64_needs_and_assessments_are_in_nothing_else(self):
        with self.assertRaises(k.KinfolioError):
            self.phone.private(Shown(False))
        private = self.phone.private(Shown(True))
        private.needs().add(k.NeedsNote(title="Xylophonist", text="Xylophonist", day="2026-06-01", learners=[self.ann.id]))
        private.assessments().add(k.Assessment(title="Xylophonist", result="Xylophonist", day="2026-06-01", learners=[self.ann.id]))
        self.assertEqual([len(room.list(k.Look())) for room in (private.needs(), private.assessments())], [1, 1])
        self.assertEqual(self.phone.find().search("xylo", ANY), k.Found(entries=[], things=[], next=None, more_things=False))
        self.assertEqual(self.phone.entries().timeline(ANY).entries, [])
        self.assertEqual(self.coverage(self.ann, client=self.phone).totals.days, 0)
        self.create("Sums", "2026-06-01", self.ann)
        request = k.PortfolioRequest(learner=self.ann.id, first_day="2026-01-01", last_day="2026-12-31", others=k.Others.NICKNAME, format=k.Format.HTML)
        path = self.place / "portfolio.html"
        asyncio.run(wait(lambda: self.phone.export().write_portfolio(request, [], str(path))))
        self.assertIn("Sums", path.read_text())
        self.assertNotIn("ylophonist", path.read_text())

    def test_66_letters_until_they_are_answered(self):
        letters = self.phone.letters()
        came = k.Letter(party="The council", about="Yearly report", day="2026-04-02", answer_by="2026-05-01", reference="EHE/1")
        kept = letters.add(came)
        self.assertEqual([due.kind for due in self.phone.due().until(None, "2026-05-01")], [k.DueKind.LETTER])
        answer = letters.add(k.Letter(party="The council", about="Our report", sent=True, day="2026-04-20"))
        letters.save(kept.id, came, k.Letter(
            party="The council", about="Yearly report", day="2026-04-02", answer_by="2026-05-01", reference="EHE/1", answered_by=answer.id))
        self.assertEqual(self.phone.due().until(None, "2026-05-01"), [])
        self.assertEqual([one.item.about for one in letters.list(k.Look())], ["Our report", "Yearly report"])

    def test_68_marked_days_are_no_gaps(self):
        marks = self.phone.days()
        marks.add(k.DayMark(mark=k.Mark.ILL, first_day="2026-05-04", last_day="2026-05-08", learners=[self.ann.id]))
        marks.add(k.DayMark(mark=k.Mark.HOLIDAY, first_day="2025-08-30", last_day="2025-09-02"))
        marks.add(k.DayMark(mark=k.Mark.TAUGHT, first_day="2026-05-11", minutes=240))
        self.create("Sums", "2026-05-08", self.ann, minutes=30)
        self.create("Pond", "2026-05-11", self.ann, minutes=90)
        totals = self.coverage(self.ann, client=self.phone).totals
        # Four ill days without an entry, 1 and 2 September; 30 minutes, and 240 of which 90 are an entry's.
        self.assertEqual((totals.days_off, totals.days, totals.minutes), (6, 2, 270))
