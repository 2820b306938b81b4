"""Finding it again: timeline, search, calendar, looking back; learners and what they are called."""
from phones import ANY, PHOTOS, add_photo, phone, titles, k


class Finding:
    """Part of the year in year.py."""

    def test_16_months_jumps_pages_and_filters(self):
        entries = self.home.entries()
        months = {month.month: month.entries for month in entries.months(k.TimelineQuery())}
        by_hand = {}
        for day in self.mondays + self.wednesdays + self.walks:
            by_hand[str(day)[:7]] = by_hand.get(str(day)[:7], 0) + 1
        self.assertEqual(months, by_hand)
        query, seen = k.TimelineQuery(limit=7), []
        while True:
            page = entries.timeline(query)
            seen += [entry.learned_on for entry in page.entries]
            if page.next is None:
                break
            query = k.TimelineQuery(limit=7, before=page.next)
        self.assertEqual(seen, sorted((str(day) for day in self.mondays + self.wednesdays + self.walks), reverse=True))
        jumped = entries.timeline(k.TimelineQuery(before=entries.jump("2026-02"), limit=1)).entries
        self.assertEqual(jumped[0].learned_on, max(str(day) for day in self.mondays + self.wednesdays + self.walks if str(day) < "2026-03"))
        of_otter = entries.timeline(k.TimelineQuery(learner=self.otter.id, subject=self.art.id, first_day="2026-03-01", last_day="2026-03-31", limit=500))
        self.assertEqual(len(of_otter.entries), sum(day.month == 3 for day in self.wednesdays))
        self.assertEqual(entries.timeline(k.TimelineQuery(starred_only=True)).entries, [])

    def test_17_search_finds_every_text_and_says_where(self):
        entry = self.create(
            "Volcano", "2026-06-01", note="The caldera was hot.", tags=["lava"],
            annotation=k.Annotation(sample=True, shows="Names the basalt"))
        self.phone.entries().update(entry.id, k.EntryEdit(learners=[k.LearnerLine(learner=self.ann.id, line="met Zoë there")]))
        add_photo(self.phone, entry, k.ImportSource.PATH(str(PHOTOS / "cat.jpg")), caption="The pumice", alt="grey stones")
        self.phone.reading().add(k.Reading(title="Vulkane", author="Grün", form=k.Form.BOOK, finished_on="2026-05-30"))
        find = self.phone.find()
        for text, where, marked in (
                ("volc", k.Where.TITLE, "Volcano"), ("calde", k.Where.NOTE, "caldera"), ("lava", k.Where.TAG, "lava"),
                ("BASALT", k.Where.ANNOTATION, "basalt"), ("zoe", k.Where.LINE, "Zoë"), ("pumice", k.Where.ATTACHMENT, "pumice"),
                ("stones", k.Where.ATTACHMENT, "stones")):
            [hit] = find.search(text, k.TimelineQuery()).entries
            self.assertEqual((hit.place, [piece.text for piece in hit.pieces if piece.found]), (where, [marked]), text)
        [book] = find.search("grun", k.TimelineQuery()).things
        self.assertEqual((book.kind, book.title), (k.ThingKind.READING, "Vulkane"))
        query = k.TimelineQuery(learner=self.ann.id, first_day="2026-06-01", with_photo=True, samples_only=True)
        self.assertEqual(len(find.search("caldera", query).entries), 1)
        self.assertEqual(find.search("caldera", k.TimelineQuery(learner=self.ben.id)).entries, [])
        self.phone.filters().add(k.SavedFilter(name="Samples of Ann", words="caldera", learner=self.ann.id, samples_only=True))
        [saved] = self.phone.filters().list(k.Look())
        again = k.TimelineQuery(learner=saved.item.learner, samples_only=saved.item.samples_only)
        self.assertEqual(len(find.search(saved.item.words, again).entries), 1)
        self.assertEqual(len(self.home.find().search("forest", ANY).entries), len(self.wednesdays))

    def test_18_a_dot_for_each_learner(self):
        found = {day.day: set(day.learners) for day in self.home.entries().calendar("2026-03-01", "2026-03-31")}
        both, one = {self.hedgehog.id, self.otter.id}, {self.hedgehog.id}
        by_hand = {str(day): both if day in self.wednesdays else one for day in self.mondays + self.wednesdays + self.walks if str(day)[:7] == "2026-03"}
        self.assertEqual(found, by_hand)

    def test_19_this_day_in_earlier_years_after_a_yes(self):
        memories, art = self.phone.memories(), self.phone.subjects().add("Art", "").id
        then = self.create("A cat in chalk", "2024-06-02", self.ann, subjects=[art])
        now = self.create("A cat in oil", "2025-06-02", self.ann, subjects=[art])
        for entry in (then, now):
            add_photo(self.phone, entry, k.ImportSource.PATH(str(PHOTOS / "cat.jpg")))
        gone = self.create("Left", "2024-06-01", self.ben)
        self.phone.learners().archive(self.ben.id, True)
        self.assertEqual((memories.choice(), memories.on_this_day("2026-06-01")), (k.MemoriesChoice.NOT_ASKED, []), "it asks first")
        memories.choose(True)
        found = [(one.years_ago, titles(one.entries)) for one in memories.on_this_day("2026-06-01")]
        self.assertEqual(found, [(1, ["A cat in oil"]), (2, ["A cat in chalk"])])
        pair = memories.then_and_now(self.ann.id, art)
        self.assertEqual((pair.then.id, pair.now.id), (then.id, now.id))
        self.assertNotIn(gone.title, str(found), "never one who is archived")
        memories.choose(False)
        self.assertEqual(memories.on_this_day("2026-06-01"), [])

    def test_20_two_learners_may_share_a_nickname(self):
        twin = self.phone.learners().add(k.NewLearner(nickname="Ann", colour="#aa5500", emoji="🦊"))
        self.assertEqual([one.nickname for one in self.phone.learners().list()], ["Ann", "Ben", "Ann"])
        self.assertNotEqual(twin.id, self.ann.id)
        self.phone.learners().reorder([twin.id, self.ben.id])
        self.assertEqual([one.id for one in self.phone.learners().list()], [twin.id, self.ben.id, self.ann.id])
        with self.assertRaises(k.KinfolioError.InvalidInput):
            self.phone.learners().add(k.NewLearner(nickname=" "))

    def test_21_year_groups_move_up_by_the_calendar(self):
        learners = self.phone.learners()
        learners.set_stage(self.ann.id, k.Stage(scheme=k.Scheme.UK, place=5, on="2026-06-01", moves_up_on="09-01"))
        told = [learners.year_group(self.ann.id, day) for day in ("2025-08-31", "2026-08-31", "2026-09-01", "2028-02-29")]
        self.assertEqual(told, ["Year 3", "Year 4", "Year 5", "Year 6"])
        self.assertIsNone(learners.year_group(self.ben.id, "2026-06-01"))
        settings = self.phone.settings()
        base = settings.family()
        self.assertEqual((base.year_start, base.week_start, base.weekly_minutes, base.year_groups), ("09-01", k.WeekStart.MONDAY, None, True))
        settings.save_family(base, k.FamilySettings(
            year_start="07-01", week_start=k.WeekStart.SUNDAY, weekly_minutes=900, year_groups=False, terms=[]))
        self.assertIsNone(learners.year_group(self.ann.id, "2026-06-01"))
        self.assertEqual(settings.year_of("2026-06-30"), k.Days(first_day="2025-07-01", last_day="2026-06-30"))
        self.assertEqual(settings.week_of("2026-06-06"), k.Days(first_day="2026-05-31", last_day="2026-06-06"))
        learners.archive(self.ann.id, True)
        self.assertTrue(learners.get(self.ann.id).archived)

    def test_22_a_learner_is_renamed_everywhere(self):
        entry = self.create("Zoo", "2026-06-01", self.ann)
        self.phone.learners().update(self.ann.id, k.LearnerEdit(nickname="Zoë"))
        self.assertEqual(self.phone.learners().get(entry.learners[0].learner).nickname, "Zoë")

    def test_22_a_learner_goes_and_comes_back_and_two_become_one(self):
        own = self.create("Only Ann's", "2026-06-01", self.ann)
        shared = self.phone.entries().create(k.EntryDraft(title="Both", learned_on="2026-06-01", on_record=True, learners=[
            k.LearnerLine(learner=self.ann.id, line="Found a newt"), k.LearnerLine(learner=self.ben.id)]))
        learners = self.phone.learners()
        said = learners.leaving(self.ann.id)
        self.assertEqual((said.entries, said.shared_entries), (1, 1))
        learners.remove(self.ann.id)
        self.assertEqual([learner.nickname for learner in learners.list()], ["Ben"])
        self.assertEqual([line.learner for line in self.phone.entries().get(shared.id).learners], [self.ben.id])
        self.assertEqual([gone.nickname for gone in learners.gone()], ["Ann"])
        learners.restore(self.ann.id)
        again = {line.learner: line.line for line in self.phone.entries().get(shared.id).learners}
        self.assertEqual(again, {self.ann.id: "Found a newt", self.ben.id: ""})
        self.assertEqual(self.phone.entries().get(own.id).title, "Only Ann's")
        twin = learners.add(k.NewLearner(nickname="Annie"))
        late = self.create("Annie's", "2026-06-02", twin)
        learners.merge(twin.id, self.ann.id)
        self.assertEqual([line.learner for line in self.phone.entries().get(late.id).learners], [self.ann.id])
