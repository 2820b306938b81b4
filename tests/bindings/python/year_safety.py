"""What comes back, what goes out and in, what the log says, what is refused."""
import asyncio
import json
import pathlib

from phones import ANY, PHOTOS, add_photo, phone, titles, wait, k


class Safety:
    """Part of the year in year.py."""

    def test_42_what_only_this_phone_has_never_goes(self):
        files = self.phone.attachments()
        self.assertIsNone(files.keep_days(), "all of it stays unless somebody says otherwise")
        entry = self.create("Cat", "2025-09-01", self.ann)
        photo = add_photo(self.phone, entry, k.ImportSource.PATH(str(PHOTOS / "cat.jpg")))
        files.set_keep_days(30)
        self.assertEqual(files.keep_days(), 30)
        self.clock.ms += 90 * 86_400_000
        self.assertEqual(files.would_free(30).files, 0)
        before = files.held()
        asyncio.run(wait(lambda: files.free_space()))
        self.assertEqual(files.held(), before)
        self.assertGreater(len(files.read(photo.id, k.Size.DISPLAY)), 1_000)
        files.pin(k.Pin.LEARNER(self.ann.id))
        self.assertEqual(files.pins(), [k.Pin.LEARNER(self.ann.id)])

    def test_44_what_was_thrown_away_or_changed_comes_back(self):
        entry = self.create("Pond", "2026-06-01", self.ann, note="Frogs.")
        self.phone.entries().update(entry.id, k.EntryEdit(base=entry, note="Frogs. Newts."))
        self.assertEqual(self.phone.undo().undo().did, k.Did.CHANGED)
        self.assertEqual(self.phone.entries().get(entry.id).note, "Frogs.")
        book = self.phone.reading().add(k.Reading(title="Rivers", form=k.Form.BOOK))
        self.phone.reading().trash(book.id)
        self.phone.entries().trash(entry.id)
        self.assertEqual({one.id for one in self.phone.trash().list()}, {book.id, entry.id})
        self.assertEqual(self.phone.find().search("rivers", ANY).things, [])
        self.assertEqual(self.phone.undo().undo().did, k.Did.TRASHED)
        self.phone.trash().restore(book.id)
        self.assertEqual(self.phone.find().search("rivers", ANY).things[0].id, book.id)
        self.phone.entries().trash(entry.id)
        with self.assertRaises(k.KinfolioError.InvalidInput):
            self.phone.trash().purge([entry.id], 2)
        self.phone.trash().purge([entry.id], 1)
        with self.assertRaises(k.KinfolioError.NotFound):
            self.phone.entries().get(entry.id)
        self.assertEqual(self.phone.trash().list(), [])
        self.assertEqual((self.phone.sync().overview().deletions, self.phone.sync().deletions()), (0, []))
        with self.assertRaises(k.KinfolioError.NotFound):
            self.phone.sync().keep_deleted([book.id])
        with self.assertRaises(k.KinfolioError.SignInAgain):
            asyncio.run(wait(lambda: self.phone.sync().bring_back([entry.id])))

    def test_44_earlier_versions_come_back(self):
        entry = self.create("Pond", "2026-06-01", self.ann, note="Frogs.")
        self.clock.ms += 3_600_000
        self.phone.entries().update(entry.id, k.EntryEdit(base=entry, note="Only newts."))
        [version] = self.phone.versions().list(entry.id)
        self.assertEqual((version.title, version.note), ("Pond", "Frogs."))
        self.phone.versions().restore(entry.id, version.record, version.place)
        self.assertEqual(self.phone.entries().get(entry.id).note, "Frogs.")

    def test_50_the_record_goes_out_and_comes_in(self):
        entry = self.create("Cat", "2026-05-03", self.ann, self.ben, note="It sleeps.", subjects=[self.phone.subjects().add("Science", "").id])
        photo = add_photo(self.phone, entry, k.ImportSource.PATH(str(PHOTOS / "cat.jpg")), caption="Asleep")
        self.phone.reading().add(k.Reading(title="Rivers", form=k.Form.BOOK, learners=[self.ann.id]))
        path = str(self.place / "record.zip")
        asyncio.run(wait(lambda: self.phone.export().write_record(path)))
        other = phone(self.place / "other", self.clock)
        preview = asyncio.run(wait(lambda: other.imports().preview_record(path)))
        self.assertEqual((preview.entries, preview.photos, sorted(one.nickname for one in preview.learners)), (1, 1, ["Ann", "Ben"]))
        report = asyncio.run(wait(lambda: other.imports().import_record(path, [])))
        self.assertEqual((report.photos, report.problems), (1, []))
        came = other.entries().get(entry.id)
        self.assertEqual((came.title, came.note, came.learned_on), ("Cat", "It sleeps.", "2026-05-03"))
        self.assertEqual(sorted(line.learner for line in came.learners), sorted([self.ann.id, self.ben.id]))
        [copy] = other.attachments().list(entry.id)
        self.assertEqual(copy.caption, "Asleep")
        self.assertEqual(other.attachments().read(copy.id, k.Size.DISPLAY), self.phone.attachments().read(photo.id, k.Size.DISPLAY))
        self.assertEqual([book.item.title for book in other.reading().list(k.Look())], ["Rivers"])
        again = asyncio.run(wait(lambda: other.imports().import_record(path, [])))
        self.assertEqual((again.added, again.photos), (0, 0), "a second time changes nothing")
        broken = self.place / "broken.zip"
        broken.write_bytes(pathlib.Path(path).read_bytes()[:2_000])
        with self.assertRaises(k.KinfolioError.InvalidInput):
            asyncio.run(wait(lambda: other.imports().preview_record(str(broken))))

    def test_50_tables_and_diaries_come_in(self):
        table = self.place / "old.csv"
        table.write_text("Date;Title;Minutes;Child\n2026-03-02;Sums;45;Ann\n2026-03-03;Rivers;30;Ann\n")
        columns = [k.CsvField.DATE, k.CsvField.TITLE, k.CsvField.MINUTES, k.CsvField.LEARNERS]
        preview = asyncio.run(wait(lambda: self.phone.imports().preview_csv(str(table), columns)))
        self.assertEqual((preview.rows, preview.unknown_learners, preview.problems), (2, [], []))
        request = k.CsvRequest(columns=columns, given=k.ImportGiven(on_record=True))
        report = asyncio.run(wait(lambda: self.phone.imports().import_csv(str(table), request)))
        self.assertEqual((report.added, report.problems), (2, []))
        rows = self.phone.entries().timeline(k.TimelineQuery(learner=self.ann.id, limit=10)).entries
        self.assertEqual([(entry.title, entry.minutes) for entry in rows], [("Rivers", 30), ("Sums", 45)])
        twin = self.phone.learners().add(k.NewLearner(nickname="Ann"))
        preview = asyncio.run(wait(lambda: self.phone.imports().preview_csv(str(table), columns)))
        self.assertEqual(preview.unknown_learners, ["Ann"], "two have that nickname: the person says who is meant")
        table.write_text(table.read_text() + "2026-03-04;Owls;20;Ann\n")
        with self.assertRaises(k.KinfolioError.InvalidInput) as refused:
            asyncio.run(wait(lambda: self.phone.imports().import_csv(str(table), request)))
        self.assertIn("row 2 of this table has a nickname that several here have", str(refused.exception))
        request.learners = [k.NameChoice(nickname="Ann", into=twin.id)]
        asyncio.run(wait(lambda: self.phone.imports().import_csv(str(table), request)))
        owls = self.phone.entries().timeline(k.TimelineQuery(learner=twin.id, limit=10)).entries
        self.assertIn("Owls", titles(owls))
        diary = self.place / "Journal.json"
        diary.write_text(json.dumps({"metadata": {"version": "1.0"}, "entries": [{
            "uuid": "0" * 32, "text": "Pond\n\nWe saw a newt.", "creationDate": "2026-04-05T10:00:00Z", "timeZone": "Europe/London", "tags": ["nature"]}]}))
        asyncio.run(wait(lambda: self.phone.imports().import_day_one(str(diary), k.ImportGiven(learners=[self.ann.id]))))
        [found] = self.phone.find().search("newt", ANY).entries
        kept = self.phone.entries().get(found.entry)
        self.assertEqual((kept.learned_on, kept.on_record, kept.tags), ("2026-04-05", False, ["nature"]))

    def test_56_the_log_says_who_did_what_and_holds_no_words(self):
        entry = self.create("CANARY-TITLE", "2026-06-01", self.ann)
        self.clock.ms += 7_200_000
        self.phone.entries().trash(entry.id)
        events = self.phone.family_log().page(k.LogQuery(thing=entry.id))
        self.assertEqual([event.act for event in events], [k.Act.TRASHED, k.Act.ADDED], "the newest first")
        self.assertNotIn("CANARY", repr(self.phone.family_log().page(k.LogQuery())))
        path = str(self.place / "record.zip")
        asyncio.run(wait(lambda: self.phone.export().write_record(path)))
        self.assertEqual(self.phone.family_log().page(k.LogQuery())[0].act, k.Act.EXPORTED)
        count = len(self.phone.family_log().page(k.LogQuery()))
        self.phone.find().search("anything", ANY)
        self.phone.entries().timeline(ANY)
        self.assertEqual(len(self.phone.family_log().page(k.LogQuery())), count, "reading is nobody's business")

    def test_69_what_cannot_be_kept_is_named_and_nothing_is_half_written(self):
        entry = self.create("Pond", "2026-06-01", self.ann)
        before = [str(one) for one in self.phone.entries().timeline(ANY).entries]
        half = (PHOTOS / "cat.jpg").read_bytes()[:9_000]
        journal, table = self.place / "Journal.json", self.place / "half.csv"
        journal.write_text('{"entries": [')
        table.write_bytes(b"\0\1\2")
        maths = self.phone.subjects().add("Maths", "")
        for words, work in (
            ("note", lambda: self.create("Long", "2026-06-01", self.ann, note="x" * 70_000)),
            ("note", lambda: self.phone.entries().update(entry.id, k.EntryEdit(note="x" * 70_000))),
            ("half.jpg", lambda: asyncio.run(wait(
                lambda: self.phone.attachments().import_file(entry.id, k.ImportSource.BYTES(half), "half.jpg")))),
            ("subject", lambda: self.phone.subjects().merge(maths.id, maths.id)),
            ("Day One", lambda: asyncio.run(wait(lambda: self.phone.imports().import_day_one(str(journal), k.ImportGiven())))),
            ("table", lambda: asyncio.run(wait(lambda: self.phone.imports().import_csv(str(table), k.CsvRequest(given=k.ImportGiven()))))),
        ):
            with self.subTest(words), self.assertRaises(k.KinfolioError.InvalidInput) as refused:
                work()
            self.assertIn(words, str(refused.exception))
        self.assertEqual([str(one) for one in self.phone.entries().timeline(ANY).entries], before)
