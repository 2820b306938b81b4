"""The documents of a family's year through the façade alone: drafted, edited, sent, renamed, printed by a real browser.

Usage: papers.py BINDINGS_FOLDER   (`./dev test` does)
"""
import asyncio
import datetime
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import zipfile

sys.path.insert(0, sys.argv[1])
import docx  # noqa: E402  (Debian's python3-docx)
import kinfolio as k  # noqa: E402  (generated into the folder named on the command line)

PHOTOS = pathlib.Path(__file__).parent.parent.parent / "fixtures" / "photos"
YEAR = ("2025-09-01", "2026-08-31")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "chromium")
DETAILS = k.ReportDetails(
    name_in_title="Robin Marlow", born="3 March 2018", sender="Jo Marlow\n14 Orchard Lane", recipient="Norbury County Council",
    reference="EHE/2018/0412", educated_by="Jo Marlow\nSam Marlow")


class Secrets(k.SecretStore):
    def __init__(self):
        self.kept = {}

    def load(self, name):
        return self.kept.get(name)

    def save(self, name, secret):
        self.kept[name] = secret


def changed(report, section, text):
    """The report with one section written anew."""
    old = next((one for one in report.sections if one.section == section), None)
    others = [one for one in report.sections if one.section != section]
    now = k.ReportSection(section=section, text=text, drafted=old.drafted if old else "")
    return k.EducationReport(form=report.form, learners=report.learners, first_day=report.first_day, last_day=report.last_day,
                             sections=others + [now], letter=report.letter)


def text(report, section):
    return next((one.text for one in report.sections if one.section == section), "")


class Papers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.phone = k.Client.open(folder=str(cls.root / "store"), device_name="phone", secrets=Secrets())
        cls.bean, cls.fern = (cls.phone.learners().add(k.NewLearner(nickname=name)) for name in ("Bean", "Fern"))
        cls.subjects = {name: cls.phone.subjects().add(name, "").id for name in ("English", "Maths", "Science")}
        for title, day, subject, note in (
                ("Letter to Gran", "2025-10-05", "English", "Bean wrote two lines."),
                ("Clover count", "2026-04-14", "Maths", "Tallies and a bar chart with Fern."),
                ("Owl pellets", "2026-02-03", "Science", "Under a hand lens.")):
            cls.create(title, day, subject, note)
        cls.club = cls.phone.providers().add(k.Provider(
            name="Norbury pool", form=k.ProviderForm.CLUB, place="Norbury", minutes_a_week=60))
        cls.phone.goals().add(k.Goal(title="Joined writing", state=k.GoalState.OPEN))
        cls.room = cls.phone.reports()

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    @classmethod
    def create(cls, title, day, subject, note="", **more):
        lines = [k.LearnerLine(learner=cls.bean.id, line="held the pen"), k.LearnerLine(learner=cls.fern.id, line="CANARY-LINE")]
        return cls.phone.entries().create(k.EntryDraft(
            title=title, learned_on=day, note=note, minutes=60, on_record=True, subjects=[cls.subjects[subject]], learners=lines, **more))

    def begin(self, form=k.ReportForm.ENGLAND):
        return self.room.begin(form, self.bean.id, *YEAR)

    def write(self, report, name, **more):
        """The report as HTML, with or without a name for Bean."""
        request = k.ReportRequest(report=report, dated="2026-09-14", others=k.Others.SIBLING, **{"format": k.Format.HTML, **more})
        names = [k.PrintedName(learner=self.bean.id, name=name)] if name else []
        path = self.root / "report.html"

        async def run():
            return await self.room.write(request, DETAILS, names, str(path))
        self.assertEqual(asyncio.run(run()), path.stat().st_size)
        return path.read_text()

    def test_29_a_draft_is_the_parents_words_and_drafting_again_keeps_edits(self):
        kept = self.begin()
        bean = f"{{learner:{self.bean.id}}}"
        self.assertEqual(text(kept.item, k.Section.ENGLISH), f"Letter to Gran. {bean} wrote two lines. held the pen (5 Oct 2025)")
        self.assertEqual([text(kept.item, section) for section in (k.Section.ABOUT, k.Section.APPROACH, k.Section.CLOSING)], [""] * 3)
        self.assertNotIn("CANARY-LINE", "".join(one.text for one in kept.item.sections))
        mine = self.room.save(kept.id, kept.item, changed(kept.item, k.Section.ENGLISH, "Bean writes every week."))
        self.assertEqual(text(mine.item, k.Section.ENGLISH), f"{bean} writes every week.")
        poem = self.create("A poem", "2026-06-06", "English")
        again = self.room.draft_again(kept.id)
        self.assertEqual(text(again.item, k.Section.ENGLISH), f"{bean} writes every week.\nA poem. held the pen (6 June 2026)")
        self.assertEqual(self.room.draft_again(kept.id).item, again.item)
        self.phone.entries().trash(poem.id)
        self.assertEqual(text(self.room.draft_again(kept.id).item, k.Section.ENGLISH), f"{bean} writes every week.")

    def test_29_versions_stay_as_they_were_sent(self):
        kept = self.begin()
        sent = self.room.sent(kept.id, "2026-05-14", "Norbury County Council")
        self.room.save(kept.id, kept.item, changed(kept.item, k.Section.ABOUT, "Something new."))
        self.assertEqual(self.room.versions(kept.id), [sent])
        with self.assertRaisesRegex(k.KinfolioError.InvalidInput, "was sent"):
            self.room.save(sent.id, sent.item, changed(sent.item, k.Section.ABOUT, "Another."))

    def test_30_the_name_is_in_the_file_and_the_nickname_is_not(self):
        kept = self.begin()
        html = self.write(kept.id, "Zoë O'Neill")
        for gone in ("Bean", "Fern", "CANARY-LINE", "{learner:"):
            self.assertNotIn(gone, html)
        self.assertIn("Robin Marlow", html)
        self.assertEqual(self.write(kept.id, "Zoë O'Neill"), html)
        self.assertIn("Bean", self.write(kept.id, None))
        # That no row of the store holds them is proved where it can be read unlocked: export/report/tests.rs.
        for name in ("Zoë O'Neill", "Robin Marlow", "Orchard Lane", "EHE/2018"):
            self.assertEqual(self.phone.find().search(name, k.TimelineQuery()).entries, [])

    def test_30_what_a_phone_remembers_if_asked_leaves_it_in_no_way(self):
        kept = self.begin()
        details = k.ReportDetails(name_in_title="Canary Robin Marlow", born="3 March 2018", sender="14 Canary Lane")
        self.room.remember(self.bean.id, k.Remembered(name="Canarobin", details=details))
        try:
            self.assertEqual(self.room.remembered(self.bean.id), k.Remembered(name="Canarobin", details=details))
            self.assertIsNone(self.room.remembered(self.fern.id))
            saved = self.room.save(kept.id, kept.item, changed(kept.item, k.Section.ABOUT, "Canarobin digs. Canary Robin Marlow reads."))
            bean = f"{{learner:{self.bean.id}}}"
            self.assertEqual(text(saved.item, k.Section.ABOUT), f"{bean} digs. {bean} reads.", "typed, it is kept as the learner")
            path = self.root / "everything.zip"

            async def run():
                await self.phone.export().write_record(str(path))
            asyncio.run(run())
            with zipfile.ZipFile(path) as parts:
                everything = b"".join(parts.read(name) for name in parts.namelist()) + self.write(kept.id, None).encode()
            told = repr(self.phone.family_log().page(k.LogQuery())) + repr(self.phone.find().search("Canarobin", k.TimelineQuery()))
            for canary in ("Canarobin", "Canary Robin", "Canary Lane"):
                self.assertFalse(canary.encode() in everything or canary in told, canary)
        finally:
            self.room.forget(self.bean.id)
        self.assertIsNone(self.room.remembered(self.bean.id))

    def test_30_names_of_every_kind_stand_as_they_were_typed(self):
        kept = self.begin()
        before = self.write(kept.id, None)
        for name in ("O'Neill", "Anne-Marie", "Zoe\u0308", "נועה", "x" * 80, "<script>", "]]>", "R & D", "🦔"):
            html = self.write(kept.id, name, fixed_names=True)
            shown = name.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;").replace("e\u0308", "ë")
            self.assertIn(f'dir="auto">{shown}</span>', html, name)
            self.assertNotIn("Bean", html)
        self.assertEqual(self.write(kept.id, None), before, "renamed back")

    def test_31_a_browser_prints_it_with_nothing_else_asked_for(self):
        kept = self.begin()
        html = self.write(kept.id, "Robin")
        self.assertEqual(re.findall(r"(?:src|href)=\"(?!data:|#)", html), [])
        pdf = self.root / "report.pdf"
        subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", f"--user-data-dir={self.root / 'browser'}",
                        "--host-resolver-rules=MAP * ~NOTFOUND", f"--print-to-pdf={pdf}", (self.root / "report.html").as_uri()],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)
        printed = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
        for words in ("Home education report: Robin Marlow", "Your reference: EHE/2018/0412", "Educated by", "Tallies and a bar chart", "Page 1 of 1"):
            self.assertIn(words, printed)
        self.assertNotIn("Bean", printed)
        self.assertNotIn("Names in this file", printed)

    def docx(self, name):
        kept = self.begin()
        kept = self.room.save(kept.id, kept.item, changed(kept.item, k.Section.ABOUT, "Bean likes owls. Bean and Fern dug."))
        request = k.ReportRequest(report=kept.id, dated="2026-09-14", others=k.Others.SIBLING, format=k.Format.DOCX)
        path = self.root / "report.docx"

        async def run():
            await self.room.write(request, DETAILS, [k.PrintedName(learner=self.bean.id, name=name)] if name else [], str(path))
        asyncio.run(run())
        return path

    def portfolio(self, **more):
        """The year as a document for word processors, with two photographs."""
        entry = self.create("Rocket", "2026-05-09", "Science", "Bean and Fern built one.")
        for photo in ("rocket.jpg", "cat.jpg"):
            asyncio.run(self.import_photo(entry, PHOTOS / photo))
        request = k.PortfolioRequest(learner=self.bean.id, first_day=YEAR[0], last_day=YEAR[1], **{
            "others": k.Others.SIBLING, "format": k.Format.DOCX, **more})
        path = self.root / "portfolio.docx"

        async def run():
            return await self.phone.export().write_portfolio(request, [k.PrintedName(learner=self.bean.id, name="Zoë O'Neill")], str(path))
        self.assertEqual(asyncio.run(run()), path.stat().st_size)
        self.phone.entries().trash(entry.id)
        return path

    async def import_photo(self, entry, path):
        await self.phone.attachments().import_photo(entry.id, k.ImportSource.PATH(str(path)), caption="What Bean saw", alt="Bean's photo")

    def test_29_a_report_has_photographs_of_samples_when_asked_and_says_when_there_are_none(self):
        kept = self.begin()
        with self.assertRaisesRegex(k.KinfolioError.InvalidInput, "mark entries with photographs as samples"):
            self.write(kept.id, "Robin", photos=True)
        entry = self.create("Rocket", "2026-05-09", "Science", "Bean and Fern built one.", annotation=k.Annotation(sample=True))
        for photo in ("rocket.jpg", "cat.jpg", "rocket.jpg", "cat.jpg"):
            asyncio.run(self.import_photo(entry, PHOTOS / photo))
        try:
            self.assertNotIn("<img", self.write(kept.id, "Robin"))
            html = self.write(kept.id, "Robin", photos=True)
            self.assertEqual((html.count("<img"), len(re.findall(r"What <span[^>]*>Robin</span> saw</figcaption>", html)), html.count('alt="Robin&#39;s photo"')), (4, 4, 4))
            path = self.root / "report.docx"
            request = k.ReportRequest(report=kept.id, others=k.Others.SIBLING, format=k.Format.DOCX, photos=True)
            heard = []

            class Bar(k.Progress):
                def progress(self, done, total):
                    heard.append((done, total))

            def write(cancel=None):
                return self.room.write(request, DETAILS, [k.PrintedName(learner=self.bean.id, name="Robin")], str(path), cancel, Bar())
            stopped = k.Cancel()
            stopped.cancel()

            async def run(cancel=None):
                return await write(cancel)
            with self.assertRaises(k.KinfolioError.Cancelled):
                asyncio.run(run(stopped))
            self.assertFalse(path.exists())
            asyncio.run(run())
            self.assertEqual(heard[-1], (4, 4))
            opened = docx.Document(str(path))
            self.assertEqual([shape.type for shape in opened.inline_shapes], [3] * 4)
            self.assertIn("Rocket", [paragraph.text for paragraph in opened.paragraphs if paragraph.style.name == "heading 3" or paragraph.style.style_id == "Heading3"])
        finally:
            self.phone.entries().trash(entry.id)

    def test_06_only_the_log_of_pennsylvania_says_when_it_was_written_down_and_only_by_tick(self):
        book = self.phone.reading().add(k.Reading(title="Owl Babies", form=k.Form.BOOK, started_on="2026-03-01", finished_on="2026-03-02"))
        written = datetime.datetime.fromtimestamp(book.recorded_at / 1000)
        shown = f"{written.day} {written:%b}".replace("Jun", "June").replace("Jul", "July").replace("Sep", "Sept") + f" {written.year}"
        try:
            for form in k.ReportForm:
                kept = self.begin(form)
                plain, ticked = (re.sub(r"<style>.*?</style>", "", self.write(kept.id, "Robin", recorded=one), flags=re.S) for one in (False, True))
                self.assertNotIn("Written down", plain)
                if form == k.ReportForm.PENNSYLVANIA:
                    self.assertIn(f"<td class=\"words\">2 Mar 2026</td><td class=\"words\">{shown}</td>", ticked)
                else:
                    self.assertEqual(plain, ticked)
        finally:
            self.phone.reading().trash(book.id)

    def test_30_no_part_of_a_word_document_holds_the_nickname_and_every_name_is_one_run(self):
        for path, names in ((self.docx("Zoë O'Neill"), 2), (self.portfolio(), 1)):
            with zipfile.ZipFile(path) as parts:
                self.assertIsNone(parts.testzip())
                all_parts = {name: parts.read(name) for name in parts.namelist()}
            for name, part in all_parts.items():
                for gone in (b"Bean", b"Fern", b"CANARY-LINE", b"{learner:"):
                    self.assertNotIn(gone, part, name)
            document = all_parts["word/document.xml"].decode() + all_parts["word/footer.xml"].decode()
            runs = document.count("<w:t xml:space=\"preserve\">Zoë O'Neill</w:t></w:r></w:sdtContent>")
            self.assertGreater(runs, 2)
            self.assertEqual(document.count("Zoë O'Neill") - document.count("descr=\"Zoë O'Neill"), runs, "the name stands in one run everywhere")
            self.assertEqual(all_parts["customXml/item1.xml"].decode().count("<name>"), names)
            self.assertIn(b"<name>Zo\xc3\xab O'Neill</name>", all_parts["customXml/item1.xml"])

    def test_30_a_word_document_with_a_nickname_says_how_to_change_it(self):
        read = docx.Document(str(self.docx(None)))
        self.assertIn("Find and Replace", read.paragraphs[-1].text)

    def test_31_word_documents_open_elsewhere(self):
        for path, words, pictures in (
                (self.docx("Robin"), ("Home education report: Robin Marlow", "About Robin", "Robin likes owls. Robin and a sibling dug.", "Page 1 of 1"), 0),
                (self.portfolio(), ("A record of learning", "Contents", "Rocket", "Zoë O'Neill's", "What Zoë O'Neill saw"), 3)):
            read = docx.Document(str(path))
            styles = {paragraph.style.name for paragraph in read.paragraphs}
            self.assertTrue({"Heading 1", "Report heading" if not pictures else "Heading 2"} <= styles, styles)
            self.assertNotIn("Find and Replace", "".join(paragraph.text for paragraph in read.paragraphs))
            self.assertEqual(read.core_properties.author, "")
            self.assertEqual(len(read.inline_shapes), pictures)
            controls = read.element.body.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}dataBinding")
            self.assertGreater(len(list(controls)), 1)
            subprocess.run(["soffice", "--headless", f"-env:UserInstallation=file://{self.root / 'office'}", "--convert-to", "pdf", "--outdir", str(self.root),
                            str(path)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=180)
            printed = subprocess.run(["pdftotext", "-layout", str(path.with_suffix(".pdf")), "-"], check=True, capture_output=True, text=True).stdout
            for one in words:
                if one != "Zoë O'Neill's":
                    self.assertIn(one, printed)
            self.assertNotIn("Bean", printed)
            if pictures:
                with zipfile.ZipFile(path) as parts:
                    parts.extractall(self.root / "parts")
                told = subprocess.run(["exiftool", "-r", "-G1", "-s", str(self.root / "parts" / "word" / "media")], check=True, capture_output=True, text=True)
                for trace in ("[GPS", "[ExifIFD]", "[IFD0]", "[XMP", "[IPTC"):
                    self.assertNotIn(trace, told.stdout)

    def test_32_a_portfolio_takes_what_was_picked(self):
        kept = [self.create(title, day, "Maths", "Shared words.", starred=star) for title, day, star in (
            ("Plain one", "2025-11-01", False), ("Starred one", "2025-12-01", True), ("Plain two", "2026-01-01", False))]

        def told(**more):
            request = k.PortfolioRequest(learner=self.bean.id, first_day=YEAR[0], last_day=YEAR[1], others=k.Others.SIBLING, format=k.Format.HTML, **more)
            path = self.root / "picked.html"

            async def run():
                await self.phone.export().write_portfolio(request, [], str(path))
            asyncio.run(run())
            return path.read_text(), self.phone.export().preview(request).entries
        everything, count = told()
        self.assertEqual((count, everything.count("<article")), (6, 6))
        self.assertEqual(told(starred_only=True)[1], 1)
        self.assertEqual(told(subjects=[self.subjects["Maths"], self.subjects["English"]])[1], 5)
        one_each, count = told(most_per_subject=1)
        self.assertEqual(count, 3)
        self.assertIn("Starred one", one_each)
        self.assertNotIn("Plain one", one_each)
        redacted, _ = told(left_out=[k.LeftOut(entry=kept[1].id, place=k.MentionPlace.LINE()), k.LeftOut(entry=kept[1].id, place=k.MentionPlace.NOTE())])
        self.assertEqual((redacted.count("Shared words."), redacted.count("held the pen")), (2, 5))
        for entry in kept:
            self.phone.entries().trash(entry.id)

    def test_33_each_form_prints_its_items_and_says_what_is_missing(self):
        asked = {
            k.ReportForm.PENNSYLVANIA: ("Days and hours", "of 180 days are noted"),
            k.ReportForm.NEW_YORK: ("Hours by subject", "“Level or narrative for each subject” is empty."),
            k.ReportForm.MISSOURI: ("Of those, at home", "of 1000 hours are noted."),
            k.ReportForm.QUEENSLAND: ("What was covered", "Samples in English: 0 of 2."),
        }
        for form, (item, missing) in asked.items():
            kept = self.begin(form)
            self.assertIn(item, self.write(kept.id, None), form)
            self.assertTrue(any(missing in line for line in self.room.missing(kept.id)), self.room.missing(kept.id))
        self.assertEqual(self.room.missing(self.begin().id), [])

    def test_34_a_section_is_copied_with_its_paragraphs(self):
        kept = self.begin()
        kept = self.room.save(kept.id, kept.item, changed(kept.item, k.Section.ABOUT, "Bean likes owls.\nBean's den."))
        request = k.ReportRequest(report=kept.id, others=k.Others.SIBLING, format=k.Format.HTML)
        names = [k.PrintedName(learner=self.bean.id, name="Robin")]
        self.assertEqual(self.room.section_text(request, k.Section.ABOUT, names), "Robin likes owls.\nRobin's den.")

    def test_69_own_paragraphs_go_on_to_a_sibling_with_changes_marked(self):
        kept = self.begin()
        self.room.save(kept.id, kept.item, changed(kept.item, k.Section.APPROACH, "Bean chooses.\nMaths most days."))
        after = self.room.begin(k.ReportForm.ENGLAND, self.fern.id, *YEAR, like=kept.id)
        self.assertEqual(text(after.item, k.Section.APPROACH), f"{{learner:{self.fern.id}}} chooses.\nMaths most days.")
        changed_text = text(after.item, k.Section.APPROACH).replace("most", "some")
        self.room.save(after.id, after.item, changed(after.item, k.Section.APPROACH, changed_text))
        self.assertEqual(self.room.changed(after.id, k.Section.APPROACH), [False, True])

    def test_the_register_is_answered_on_one_page_of_any_kind(self):
        tutor = self.phone.providers().add(k.Provider(name="Bean's piano", form=k.ProviderForm.TUTOR, place="Mill Road", minutes_a_week=30))
        names = [k.PrintedName(learner=self.bean.id, name="Robin")]

        async def run(path, days=YEAR, **more):
            request = k.RegisterRequest(learner=self.bean.id, first_day=days[0], last_day=days[1], dated="2026-09-14", **more)
            return await self.room.write_register(request, DETAILS, names, str(self.root / path))
        try:
            asyncio.run(run("register.html", format=k.Format.HTML))
            html = (self.root / "register.html").read_text()
            for one in ("Answers for the register", "Robin Marlow", "&#39;s piano", "Norbury pool", "Club or group", "<td class=\"words\">1 h</td>", "Mill Road", "Estimated, taught by parents"):
                self.assertIn(one, html)
            for gone in ("Bean", "Fern", "CANARY-LINE", "Home education report"):
                self.assertNotIn(gone, html)
            asyncio.run(run("register.docx", format=k.Format.DOCX))
            tables = docx.Document(str(self.root / "register.docx")).tables
            self.assertEqual([len(table.rows) for table in tables], [3, 3])
            asyncio.run(run("register.pdf", format=k.Format.PDF))
            told = subprocess.run(["pdfinfo", str(self.root / "register.pdf")], check=True, capture_output=True, text=True).stdout
            self.assertRegex(told, r"Pages: +1\n")
            self.assertIn("Answers for the register: Robin Marlow", told)
            with self.assertRaisesRegex(k.KinfolioError.InvalidInput, "one file"):
                asyncio.run(run("register.zip", format=k.Format.ZIP))
        finally:
            self.phone.providers().trash(tutor.id)
        nobody = self.phone.learners().add(k.NewLearner(nickname="Nobody"))
        self.phone.providers().trash(self.club.id)
        try:
            request = k.RegisterRequest(learner=nobody.id, first_day=YEAR[0], last_day=YEAR[1], format=k.Format.PDF)

            async def empty():
                await self.room.write_register(request, DETAILS, [], str(self.root / "empty.pdf"))
            with self.assertRaisesRegex(k.KinfolioError.InvalidInput, "choose other days"):
                asyncio.run(empty())
            self.assertFalse((self.root / "empty.pdf").exists())
        finally:
            self.phone.providers().restore(self.club.id)
            self.phone.learners().remove(nobody.id)

    def test_the_register_is_answered_from_the_record_and_no_further(self):
        answers = self.room.register(self.bean.id, *YEAR)
        self.assertEqual([(one.name, one.place, one.minutes_a_week) for one in answers.providers], [("Norbury pool", "Norbury", 60)])
        self.assertEqual(answers.by_others, 60)

    def test_an_empty_year_and_a_doubtful_word_are_told(self):
        empty = self.room.begin(k.ReportForm.NEW_YORK, self.bean.id, "2020-01-01", "2020-03-31")
        self.assertEqual(self.room.missing(empty.id)[0], "Nothing is noted between 1 Jan 2020 and 31 Mar 2020: look at the days.")
        with self.assertRaisesRegex(k.KinfolioError.InvalidInput, "nothing stands in this report yet"):
            self.write(empty.id, None)
        art = self.phone.learners().add(k.NewLearner(nickname="Art"))
        kept = self.begin()
        self.room.save(kept.id, kept.item, changed(kept.item, k.Section.NEXT, "Art next year."))
        self.assertEqual([(one.word, one.learner) for one in self.room.doubts(kept.id)], [("Art", art.id)])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
