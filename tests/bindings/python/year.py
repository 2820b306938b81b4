"""A family's year through the façade alone: every feature by its number, against sums that this script makes by hand.

Usage: year.py BINDINGS_FOLDER   (`./dev test` does)

| number | function |
|---|---|
| 1 quick-add | test_01_a_line_is_in_the_timeline_at_once |
| 2 without account | test_02_all_of_it_works_without_an_account |
| 3 photos | test_03_twelve_photos_keep_their_order_and_words |
| 4 metadata | test_04_no_stored_copy_holds_metadata |
| 5 own lines | test_05_each_learner_sees_the_shared_text_and_their_own_line |
| 6 day of learning | test_06_the_day_of_learning_is_not_the_day_of_writing |
| 7 subjects | test_07_subjects_are_renamed_merged_hidden_and_come_from_lists |
| 8 drafts | test_08_a_draft_survives_a_kill |
| 9 shared from elsewhere | test_09_what_is_shared_lands_as_a_draft |
| 10 papers | test_10_a_paper_is_cleaned_and_opens, test_10_a_word_document_is_cleaned_and_macros_are_refused |
| 11, 12 recordings, clips | test_11_what_is_too_heavy_or_no_recording_is_refused_by_name |
| 13 templates, repeats | test_13_once_more_and_every_week |
| 14 catching up | test_14_a_folder_of_photographs_becomes_entries_by_day |
| 16 timeline | test_16_months_jumps_pages_and_filters |
| 17 search | test_17_search_finds_every_text_and_says_where |
| 18 calendar | test_18_a_dot_for_each_learner |
| 19 looking back | test_19_this_day_in_earlier_years_after_a_yes |
| 20 nicknames | test_20_two_learners_may_share_a_nickname |
| 21 year groups | test_21_year_groups_move_up_by_the_calendar |
| 22 rename | test_22_a_learner_is_renamed_everywhere |
| 22 removed, merged | test_22_a_learner_goes_and_comes_back_and_two_become_one |
| 23 goals, plans | test_23_goals_have_evidence_and_plans_become_entries |
| 24 hours, timer | test_24_hours_are_split_and_never_counted_twice, test_24_the_timer_says_where_it_is_in_doubt |
| 25 reading log | test_25_the_reading_log |
| 26 coverage | test_26_coverage_by_subject_and_term |
| 27 skills | test_27_lists_of_skills |
| 28 providers, trips, exams | test_28_providers_trips_and_qualifications |
| register estimate | test_28_a_week_is_estimated |
| 42 room on the phone | test_42_what_only_this_phone_has_never_goes |
| 44 trash, undo | test_44_what_was_thrown_away_or_changed_comes_back |
| 44 versions | test_44_earlier_versions_come_back |
| 50 imports | test_50_the_record_goes_out_and_comes_in, test_50_tables_and_diaries_come_in |
| 56 family log | test_56_the_log_says_who_did_what_and_holds_no_words |
| 57 reminders | test_57_what_is_due_is_told_outside_of_quiet_hours |
| 64 needs, assessments | test_64_needs_and_assessments_are_in_nothing_else |
| 66 letters | test_66_letters_until_they_are_answered |
| 67 day out | test_67_a_day_out_takes_every_photo_of_the_day |
| 68 away, ill | test_68_marked_days_are_no_gaps |
| bad input | test_69_what_cannot_be_kept_is_named_and_nothing_is_half_written |
"""
import asyncio
import datetime
import io
import json
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import zipfile

sys.path.insert(0, sys.argv[1])
import kinfolio as k  # noqa: E402  (generated into the folder named on the command line)

PHOTOS = pathlib.Path(__file__).parent.parent.parent / "fixtures" / "photos"
FIRST, LAST = datetime.date(2025, 9, 1), datetime.date(2026, 8, 31)
ANY = k.TimelineQuery(include_drafts=True, limit=500)


class Secrets(k.SecretStore):
    """A keystore in a file, so that another process can open the store too."""

    def __init__(self, path):
        self.path = pathlib.Path(path)

    def _all(self):
        return json.loads(self.path.read_text()) if self.path.exists() else {}

    def load(self, name):
        found = self._all().get(name)
        return None if found is None else bytes.fromhex(found)

    def save(self, name, secret):
        self.path.write_text(json.dumps({**self._all(), name: secret.hex()}))


class Clock(k.Clock):
    """Stands until it is moved; begins on 1 June 2026, noon."""

    def __init__(self):
        self.ms = int(datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.timezone.utc).timestamp() * 1000)

    def now_ms(self):
        self.ms += 1
        return self.ms


class Shown(k.Presence):
    def __init__(self, answer):
        self.answer = answer

    def confirm(self):
        return self.answer


def phone(folder, clock=None):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    secrets = Secrets(folder / "secrets.json")
    return k.Client.open(folder=str(folder / "store"), device_name="phone", secrets=secrets, clock=clock or Clock())


def days():
    """Every day of the year."""
    return [FIRST + datetime.timedelta(n) for n in range((LAST - FIRST).days + 1)]


def word(*extra):
    """A Word document of one line, with its author in its properties."""
    kinds = "http://schemas.openxmlformats.org"
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = f"{kinds}/officeDocument/2006/relationships/officeDocument"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/package/2006/content-types"><Default Extension="xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}/package/2006/relationships">'
                       f'<Relationship Id="a" Type="{office}" Target="word/document.xml"/></Relationships>',
        "docProps/core.xml": "<creator>CANARY</creator>",
        "word/document.xml": '<w:document xmlns:w="w"><w:ins w:author="CANARY"><w:t>Two frogs</w:t></w:ins></w:document>',
        **{f"word/{name}": "" for name in extra},
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            out.writestr(name, text)
    return packed.getvalue()


def lines(*learners):
    return [k.LearnerLine(learner=learner.id) for learner in learners]


def titles(entries):
    return [entry.title for entry in entries]


def add_photo(client, entry, source, **words):
    async def run():
        return await client.attachments().import_photo(entry.id, source, **words)
    return asyncio.run(run())


async def wait(call):
    return await call()


def paper():
    """A PDF of one page that says who made it."""
    parts = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
             "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>", "<< /Author (CANARY-AUTHOR) /Title (CANARY-TITLE) >>"]
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<< /Size 5 /Root 1 0 R /Info 4 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + tail.encode()


def with_exif(jpeg, taken=b"2026:04:12 10:20:30\0"):
    """The picture with a place, a day and a camera in its metadata."""
    def entry(tag, kind, count, value):
        return struct.pack("<HHI", tag, kind, count) + value
    maker = b"CANARY-CAMERA\0"
    heap = 8 + 2 + 3 * 12 + 4
    exif_at = heap + len(maker)
    gps_at = exif_at + 2 + 12 + 4 + len(taken)
    ifd0 = struct.pack("<H", 3) + entry(0x010F, 2, len(maker), struct.pack("<I", heap)) + entry(
        0x8769, 4, 1, struct.pack("<I", exif_at)) + entry(0x8825, 4, 1, struct.pack("<I", gps_at)) + struct.pack("<I", 0)
    exif = struct.pack("<H", 1) + entry(0x9003, 2, len(taken), struct.pack("<I", exif_at + 18)) + struct.pack("<I", 0) + taken
    gps = struct.pack("<H", 1) + entry(0x0001, 2, 2, b"N\0\0\0") + struct.pack("<I", 0)
    body = b"Exif\0\0" + b"II*\0\x08\0\0\0" + ifd0 + maker + exif + gps
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


class Year(unittest.TestCase):
    """The year of Hedgehog and Otter: maths on Mondays, the club on Wednesdays, a walk on the last of each month."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.home = home = phone(cls.root / "home")
        cls.hedgehog = home.learners().add(k.NewLearner(nickname="Hedgehog", emoji="🦔"))
        cls.otter = home.learners().add(k.NewLearner(nickname="Otter", emoji="🦦"))
        cls.maths, cls.science, cls.art = (home.subjects().add(name, "") for name in ("Maths", "Science", "Art"))
        home.subjects().update(cls.maths.id, k.SubjectEdit(core=True))
        cls.club = home.providers().add(k.Provider(name="Forest club", form=k.ProviderForm.CLUB))
        cls.mondays = [day for day in days() if day.weekday() == 0]
        cls.wednesdays = [day for day in days() if day.weekday() == 2]
        cls.walks = [day for day in days() if (day + datetime.timedelta(1)).day == 1]
        for day in cls.mondays:
            home.entries().create(k.EntryDraft(
                title="Sums", learned_on=str(day), minutes=45, on_record=True, subjects=[cls.maths.id], learners=lines(cls.hedgehog),
                taught=k.Taught(by=k.TaughtBy.PARENT, place=k.Place.HOME)))
        for day in cls.wednesdays:
            home.entries().create(k.EntryDraft(
                title="Forest", learned_on=str(day), minutes=91, on_record=True, subjects=[cls.science.id, cls.art.id],
                learners=lines(cls.hedgehog, cls.otter),
                taught=k.Taught(by=k.TaughtBy.PROVIDER, provider=cls.club.id, place=k.Place.AWAY)))
        for day in cls.walks:
            home.entries().create(k.EntryDraft(title="Walk", learned_on=str(day), on_record=True, learners=lines(cls.hedgehog)))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        """A phone of its own for what changes things."""
        self.clock = Clock()
        self.place = self.root / self.id().rsplit(".", 1)[1]
        self.phone = phone(self.place, self.clock)
        self.ann = self.phone.learners().add(k.NewLearner(nickname="Ann"))
        self.ben = self.phone.learners().add(k.NewLearner(nickname="Ben"))

    def create(self, title, day, *learners, **more):
        draft = k.EntryDraft(**{"title": title, "learned_on": day, "on_record": True, "learners": lines(*learners), **more})
        return self.phone.entries().create(draft)

    def coverage(self, learner, span=None, client=None):
        query = k.CoverageQuery(learner=learner.id, first_day=str(FIRST), last_day=str(LAST), span=span or k.Span.WHOLE)
        return (client or self.home).coverage().coverage(query)

    def test_00_the_table_above_names_every_test_and_no_name_is_a_word_of_python(self):
        named = set(re.findall(r"test_[0-9a-z_]+", __doc__))
        there = {name for name in dir(self) if re.match(r"test_\d", name)} - {"test_00_the_table_above_names_every_test_and_no_name_is_a_word_of_python"}
        self.assertEqual(named, there)
        generated = pathlib.Path(k.__file__).read_text()
        self.assertIsNone(re.search(r"\b_(from|import|class|def|in|is|not|or|and|as|with)\s*[:=]", generated))

    def test_01_a_line_is_in_the_timeline_at_once(self):
        entry = self.create("Frogs!", "2026-06-01", self.ann)
        self.assertEqual(self.phone.entries().timeline(k.TimelineQuery()).entries, [entry])

    def test_02_all_of_it_works_without_an_account(self):
        entry = self.create("Frogs", "2026-06-01", self.ann)
        self.assertEqual(self.phone.sync().state(entry.id), k.EntryState.ON_THIS_PHONE())
        request = k.PortfolioRequest(learner=self.ann.id, first_day="2026-01-01", last_day="2026-12-31", others=k.Others.NICKNAME, format=k.Format.HTML)
        path = self.place / "portfolio.html"
        asyncio.run(self.write(request, path))
        self.assertIn("Frogs", path.read_text())

    async def write(self, request, path):
        await self.phone.export().write_portfolio(request, [], str(path))

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
        killed = subprocess.run([sys.executable, __file__, sys.argv[1], "--killed", str(self.place / "killed")], check=False)
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
        self.assertEqual(self.phone.find().search("xylo", ANY), k.Found(entries=[], things=[]))
        self.assertEqual(self.phone.entries().timeline(ANY).entries, [])
        self.assertEqual(self.coverage(self.ann, client=self.phone).totals.days, 0)
        request = k.PortfolioRequest(learner=self.ann.id, first_day="2026-01-01", last_day="2026-12-31", others=k.Others.NICKNAME, format=k.Format.HTML)
        path = self.place / "portfolio.html"
        asyncio.run(self.write(request, path))
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


def killed(folder):
    """Types a draft, and is killed."""
    client = phone(folder)
    client.entries().create(k.EntryDraft(title="Half", note="typed so far", learned_on="2026-06-01"))
    subprocess.run(["kill", "-9", str(os.getpid())], check=False)
    time.sleep(60)


if __name__ == "__main__":
    if "--killed" in sys.argv:
        killed(sys.argv[3])
    unittest.main(argv=sys.argv[:1])
