"""What a family writes down, and what is kept of its files."""
import asyncio
import os
import subprocess
import sys
import time
import zipfile

from phones import ANY, PHOTOS, add_photo, days, paper, phone, titles, wait, with_exif, word, k


class Capture:
    """Part of the year in year.py."""

    def test_01_a_line_is_in_the_timeline_at_once(self):
        entry = self.create("Frogs!", "2026-06-01", self.ann)
        self.assertEqual(self.phone.entries().timeline(k.TimelineQuery()).entries, [entry])

    def test_02_all_of_it_works_without_an_account(self):
        entry = self.create("Frogs", "2026-06-01", self.ann)
        self.assertEqual(self.phone.sync().state(entry.id), k.EntryState.ON_THIS_PHONE())
        request = k.PortfolioRequest(learner=self.ann.id, first_day="2026-01-01", last_day="2026-12-31", others=k.Others.NICKNAME, format=k.Format.HTML)
        path = self.place / "portfolio.html"
        asyncio.run(wait(lambda: self.phone.export().write_portfolio(request, [], str(path))))
        self.assertIn("Frogs", path.read_text())

    def test_03_twelve_photos_keep_their_order_and_words(self):
        entry = self.create("Zoo", "2026-06-01", self.ann)
        names = [path for path in sorted(PHOTOS.glob("*.jpg")) if path.name != "deep-sky.jpg"]
        chosen = (names * 2)[:12]
        for n, path in enumerate(chosen):
            add_photo(self.phone, entry, k.ImportSource.PATH(str(path)), caption=f"caption {n}", alt=f"alt {n}")
        found = self.phone.attachments().list(entry.id)
        self.assertEqual([photo.caption for photo in found], [f"caption {n}" for n in range(12)])
        self.assertEqual([photo.alt for photo in found], [f"alt {n}" for n in range(12)])
        self.assertEqual([photo.id for photo in found], self.phone.entries().get(entry.id).attachments)

    def test_04_no_stored_copy_holds_metadata(self):
        entry = self.create("Gate", "2026-06-01", self.ann)
        original = with_exif((PHOTOS / "cat.jpg").read_bytes())
        self.assertIn(b"CANARY-CAMERA", original)
        photo = add_photo(self.phone, entry, k.ImportSource.BYTES(original))
        self.assertEqual(photo.captured_at, "2026-04-12T10:20:30", "the day is read first")
        for size in k.Size:
            stored = self.phone.attachments().read(photo.id, size)
            self.assertTrue(stored.startswith(b"\xff\xd8"))
            for trace in (b"Exif", b"CANARY", b"http://ns.adobe.com", b"\xff\xe1"):
                self.assertNotIn(trace, stored[:4096])

    def test_05_each_learner_sees_the_shared_text_and_their_own_line(self):
        entry = self.create("Castle", "2026-06-01", note="We climbed the keep.")
        both = [k.LearnerLine(learner=self.ann.id, line="drew it"), k.LearnerLine(learner=self.ben.id, line="CANARY")]
        self.phone.entries().update(entry.id, k.EntryEdit(learners=both))
        [seen] = self.phone.entries().timeline(k.TimelineQuery(learner=self.ann.id)).entries
        self.assertEqual(seen.note, "We climbed the keep.")
        self.assertEqual({line.learner: line.line for line in seen.learners}, {self.ann.id: "drew it", self.ben.id: ""})
        self.assertEqual(self.phone.find().search("canary", k.TimelineQuery(learner=self.ann.id)).entries, [])
        self.assertEqual(len(self.phone.find().search("canary", k.TimelineQuery(learner=self.ben.id)).entries), 1)

    def test_06_the_day_of_learning_is_not_the_day_of_writing(self):
        today = self.create("Today", "2026-06-01", self.ann)
        late = self.create("Last month", "2026-05-02", self.ann)
        self.assertEqual(titles(self.phone.entries().timeline(k.TimelineQuery()).entries), ["Today", "Last month"])
        moved = self.phone.entries().update(late.id, k.EntryEdit(learned_on="2024-02-29"))
        self.assertEqual((moved.learned_on, moved.recorded_at), ("2024-02-29", late.recorded_at))
        self.assertGreater(late.recorded_at, today.recorded_at)
        with self.assertRaises(k.KinfolioError.InvalidInput):
            self.create("No such day", "2026-02-29", self.ann)
        for zone in ("Pacific/Kiritimati", "Pacific/Honolulu", "UTC"):
            os.environ["TZ"] = zone
            time.tzset()
            there = phone(self.place, self.clock)
            self.assertEqual(there.entries().get(late.id).learned_on, "2024-02-29")
            self.assertEqual([day.day for day in there.entries().calendar("2024-02-29", "2026-06-01")], ["2024-02-29", "2026-06-01"])
            self.clock.ms += 14 * 3_600_000

    def test_07_subjects_are_renamed_merged_hidden_and_come_from_lists(self):
        subjects = self.phone.subjects()
        maths, sums, art = (subjects.add(name, "") for name in ("Maths", "Sums", "Art"))
        entry = self.create("Shop", "2026-06-01", self.ann, subjects=[sums.id], tags=["market"])
        subjects.rename(maths.id, "Numbers")
        subjects.merge(sums.id, maths.id)
        self.assertEqual(self.phone.entries().get(entry.id).subjects, [maths.id])
        self.assertEqual(titles(self.phone.entries().timeline(k.TimelineQuery(subject=maths.id)).entries), ["Shop"])
        with self.assertRaises(k.KinfolioError.InvalidInput):
            subjects.merge(maths.id, maths.id)
        subjects.update(art.id, k.SubjectEdit(hidden=True, core=True))
        subjects.reorder([art.id, maths.id])
        self.assertEqual([(one.name, one.hidden, one.core) for one in subjects.list()], [("Art", True, True), ("Numbers", False, False)])
        counts = {preset: len(phone(self.place / preset.name).subjects().add_preset(preset)) for preset in (
            k.Preset.EARLY_YEARS, k.Preset.AUSTRALIA)}
        self.assertEqual(counts, {k.Preset.EARLY_YEARS: 7, k.Preset.AUSTRALIA: 8})
        missouri = phone(self.place / "mo").subjects().add_preset(k.Preset.MISSOURI)
        self.assertEqual(sum(subject.core for subject in missouri), 5)

    def test_08_a_draft_survives_a_kill(self):
        killed = subprocess.run([sys.executable, sys.argv[0], sys.argv[1], "--killed", str(self.place / "killed")], check=False)
        self.assertEqual(killed.returncode, -9)
        again = phone(self.place / "killed")
        [draft] = again.entries().drafts()
        self.assertEqual((draft.title, draft.note), ("Half", "typed so far"))
        self.assertEqual(again.entries().timeline(k.TimelineQuery()).entries, [], "a draft is nothing that is told")

    def test_09_what_is_shared_lands_as_a_draft(self):
        page = k.Shared(day="2026-06-01", title="A page on newts", url="https://example.org/newts")
        shared = asyncio.run(wait(lambda: self.phone.intake().take(page)))
        self.assertEqual((shared.title, shared.note, shared.on_record), ("A page on newts", page.url, False))
        self.assertEqual(self.phone.entries().drafts(), [shared])
        self.assertEqual(self.coverage(self.ann, client=self.phone).totals.entries, 0)

    def test_09_what_is_shared_into_a_locked_record_waits_sealed_and_lands_as_a_draft(self):
        file = k.SharedFile(source=k.ImportSource.PATH(str(PHOTOS / "cat.jpg")), name="cat.jpg")
        page = k.Shared(day="2026-06-01", text="CANARY of the pond", files=[file])
        asyncio.run(wait(lambda: k.put_into_inbox(str(self.place / "store"), page)))
        for waiting in (self.place / "store" / "inbox").iterdir():
            self.assertNotIn(b"CANARY", waiting.read_bytes())
        intake = self.phone.intake()
        self.assertEqual(intake.waiting(), 1)
        taken = asyncio.run(wait(intake.take_waiting))
        [draft] = self.phone.entries().drafts()
        self.assertEqual(([draft.id], draft.note, taken.problems), (taken.entries, page.text, []))
        self.assertEqual((len(self.phone.attachments().list(draft.id)), intake.waiting()), (1, 0))

    def test_10_a_paper_is_cleaned_and_opens(self):
        entry = self.create("Piano", "2026-06-01", self.ann)
        self.assertIn(b"CANARY", paper())
        files = self.phone.attachments()
        kept = asyncio.run(wait(lambda: files.import_file(entry.id, k.ImportSource.BYTES(paper()), "Certificate.pdf")))
        self.assertEqual((kept.file.kind, kept.file.name, kept.file.mime, kept.file.length), (k.FileKind.PDF, "Certificate.pdf", "application/pdf", 1))
        path = self.place / "out.pdf"
        asyncio.run(wait(lambda: files.save(kept.id, str(path))))
        self.assertTrue(path.read_bytes().startswith(b"%PDF"))
        self.assertNotIn(b"CANARY", path.read_bytes())
        self.assertEqual(files.read_part(kept.id, 0, 4), b"%PDF")
        self.assertEqual(self.phone.find().search("certificate", ANY).entries[0].place, k.Where.ATTACHMENT)

    def test_10_a_word_document_is_cleaned_and_macros_are_refused(self):
        entry = self.create("Report", "2026-06-01", self.ann)
        files = self.phone.attachments()
        kept = asyncio.run(wait(lambda: files.import_file(entry.id, k.ImportSource.BYTES(word()), "Report.docx")))
        self.assertEqual((kept.file.kind, kept.file.name), (k.FileKind.DOCX, "Report.docx"))
        path = self.place / "out.docx"
        asyncio.run(wait(lambda: files.save(kept.id, str(path))))
        with zipfile.ZipFile(path) as opened:
            parts = {name: opened.read(name).decode() for name in opened.namelist()}
        self.assertIn("Two frogs", parts["word/document.xml"])
        self.assertNotIn("CANARY", str(parts))
        with self.assertRaises(k.KinfolioError.InvalidInput) as refused:
            asyncio.run(wait(lambda: files.import_file(entry.id, k.ImportSource.BYTES(word("vbaProject.bin")), "Sums.docm")))
        self.assertIn("Sums.docm: it holds macros", str(refused.exception))
        self.assertEqual(len(files.list(entry.id)), 1, "nothing half written")

    def test_11_what_is_too_heavy_or_no_recording_is_refused_by_name(self):
        entry = self.create("Piano", "2026-06-01", self.ann)
        files = self.phone.attachments()
        heavy = self.place / "Concert.mp4"
        with heavy.open("wb") as video:
            video.write(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom")
            video.truncate(4 << 30)
        for source, name in ((k.ImportSource.PATH(str(heavy)), "Concert.mp4"), (k.ImportSource.BYTES(b"no such kind"), "Scales.m4a")):
            with self.assertRaises(k.KinfolioError.InvalidInput) as refused:
                asyncio.run(wait(lambda: files.import_file(entry.id, source, name)))
            self.assertIn(name, str(refused.exception))
        self.assertEqual(files.list(entry.id), [], "nothing half written")
        heavy.unlink()

    def test_13_once_more_and_every_week(self):
        capture = self.phone.capture()
        tuesday = self.create("Piano", "2026-05-26", self.ann, self.ben, minutes=30, starred=True, note="Scales")
        self.assertEqual(capture.last_like(self.ann.id, "2026-06-02"), "2026-05-26")
        [same] = capture.same_as(self.ann.id, "2026-05-26", "2026-06-02")
        self.assertEqual((same.title, same.note, same.on_record, same.starred, same.minutes), ("Piano", "Scales", False, False, 30))
        self.assertEqual([line.learner for line in same.learners], [self.ann.id])
        self.assertEqual(len(capture.duplicate(tuesday.id, "2026-06-03").learners), 2)
        swim = self.phone.templates().add(k.Template(
            name="Swimming", minutes=45, learners=[self.ann.id, self.ben.id], weekdays=8, first_day="2026-05-07", every_weeks=2))
        self.assertEqual(capture.use_template(swim.id, "2026-06-01").title, "Swimming")
        # Thursdays of every second week: 7 and 21 May, 4 and 18 June.
        self.phone.days().add(k.DayMark(mark=k.Mark.ILL, first_day="2026-05-20", last_day="2026-05-22", learners=[self.ben.id]))
        self.phone.days().add(k.DayMark(mark=k.Mark.AWAY, first_day="2026-06-04"))
        found = capture.proposals("2026-05-01", "2026-06-30")
        self.assertEqual([(one.day, sorted(one.learners)) for one in found], [
            ("2026-05-07", sorted([self.ann.id, self.ben.id])), ("2026-05-21", [self.ann.id]), ("2026-06-18", sorted([self.ann.id, self.ben.id]))])
        before = self.coverage(self.ben, client=self.phone).totals.minutes
        self.assertEqual(before, 30, "what is proposed counts nowhere")
        done = capture.confirm(swim.id, "2026-05-07")
        self.assertEqual(capture.confirm(swim.id, "2026-05-07").id, done.id)
        capture.skip(swim.id, "2026-06-18")
        self.assertEqual([one.day for one in capture.proposals("2026-05-01", "2026-06-30")], ["2026-05-21"])
        self.assertEqual(self.coverage(self.ben, client=self.phone).totals.minutes, 75)

    def test_14_a_folder_of_photographs_becomes_entries_by_day(self):
        folder = self.place / "camera"
        folder.mkdir()
        names = ["cat", "cup", "bricks", "cat"]
        taken = ["2026:04:12 10:20:30", "2026:04:12 10:50:00", "2026:04:14 09:00:00", "2026:04:12 10:20:30"]
        for n, (name, moment) in enumerate(zip(names, taken)):
            picture = with_exif((PHOTOS / f"{name}.jpg").read_bytes(), moment.encode() + b"\0")
            (folder / f"{n}.jpg").write_bytes(picture)
        room = self.phone.catch_up()
        room.begin(k.photos_in(str(folder)), k.CatchUpSettings(on_record=True))
        seen = asyncio.run(wait(lambda: room.scan()))
        self.assertEqual((seen.given, seen.looked_at, seen.duplicates), (4, 4, 1))
        groups = room.groups()
        self.assertEqual([(group.day, group.wanted) for group in groups], [("2026-04-12", 2), ("2026-04-14", 1)])
        room.assign([group.number for group in groups], k.GroupAssignment(learners=[self.ann.id], title="Spring", ticked=True))
        done = asyncio.run(wait(lambda: room.run()))
        self.assertEqual((done.taken, len(done.entries)), (3, 2))
        room.end()
        entries = self.phone.entries().timeline(k.TimelineQuery(learner=self.ann.id, with_photo=True)).entries
        self.assertEqual([(entry.title, entry.learned_on, len(entry.attachments)) for entry in entries], [
            ("Spring", "2026-04-14", 1), ("Spring", "2026-04-12", 2)])

    def test_67_a_day_out_takes_every_photo_of_the_day(self):
        intake = self.phone.intake()
        day = intake.begin_day_out("Zoo", [self.ann.id], "2026-06-01")
        self.assertEqual(intake.day_out("2026-06-01").id, day.id)
        for name in ("cat", "cup"):
            file = k.SharedFile(source=k.ImportSource.PATH(str(PHOTOS / f"{name}.jpg")), name=f"{name}.jpg")
            taken = asyncio.run(wait(lambda: intake.take(k.Shared(day="2026-06-01", files=[file]))))
            self.assertEqual(taken.id, day.id)
        self.assertEqual(len(self.phone.attachments().list(day.id)), 2)
        page = asyncio.run(wait(lambda: intake.take(k.Shared(day="2026-06-01", title="Newts", url="https://example.org/newts"))))
        self.assertNotEqual(page.id, day.id)
        self.assertFalse(page.on_record)
        intake.end_day_out()
        self.assertIsNone(intake.day_out("2026-06-01"))
