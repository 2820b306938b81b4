"""What the year is handed in as: portfolio, report, book and record, each looked at by programs that nobody here wrote."""
import asyncio
import re
import subprocess
import zipfile

from phones import FIRST, LAST, days, k, phone, wait

NAME = "Zoë Ó Briain"


def words(path):
    """The words of a PDF, HTML or Word document."""
    if path.suffix == ".pdf":
        return subprocess.run(["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True).stdout
    if path.suffix == ".docx":
        with zipfile.ZipFile(path) as parts:
            cells_apart = parts.read("word/document.xml").decode().replace("</w:p>", "</w:p> ")
            return re.sub(r"<[^>]+>", "", cells_apart)
    html = re.sub(r"<(script|style)\b.*?</\1>", "", path.read_text(), flags=re.S)
    return re.sub(r"<[^>]+>", " ", html)


class Documents:
    """Part of the year in year.py."""

    def named(self):
        return [k.PrintedName(learner=self.hedgehog.id, name=NAME)]

    def test_90_the_year_ends_as_a_portfolio_in_every_format(self):
        export = self.home.export()
        for format, ending in ((k.Format.HTML, "html"), (k.Format.DOCX, "docx"), (k.Format.PDF, "pdf")):
            with self.subTest(ending):
                request = k.PortfolioRequest(
                    learner=self.hedgehog.id, first_day=str(FIRST), last_day=str(LAST), hours=True, fixed_names=True,
                    others=k.Others.SIBLING, format=format)
                preview = export.preview(request)
                self.assertEqual(preview.entries, len(self.mondays) + len(self.wednesdays) + len(self.walks))
                path = self.place / f"portfolio.{ending}"
                length = asyncio.run(wait(lambda: export.write_portfolio(request, self.named(), str(path))))
                self.assertEqual(length, path.stat().st_size)
                told = words(path)
                for title, of in (("Sums", self.mondays), ("Forest", self.wednesdays), ("Walk", self.walks)):
                    self.assertGreaterEqual(told.count(title), len(of), title)
                self.assertIn(NAME, told)
                self.assertNotIn("Hedgehog", told)
                self.assertNotIn("Otter", told)
                tenths = round(45 * len(self.mondays) / 6)
                row = re.search(r"Maths.{0,300}", told[told.rindex("Maths"):], re.S)[0]
                self.assertRegex(row, rf"(?<![\d.]){re.escape(f'{tenths / 10:g}')}(?![\d.])", "the year's hours, to a tenth")

    def test_90_the_year_ends_as_a_report_with_its_sums(self):
        room = self.home.reports()
        report = room.begin(k.ReportForm.MISSOURI, self.hedgehog.id, str(FIRST), str(LAST))
        self.addCleanup(lambda: room.trash(report.id))
        details = k.ReportDetails(name_in_title=NAME, born="", sender="", recipient="", reference="", educated_by="")
        path = self.place / "report.pdf"
        request = k.ReportRequest(report=report.id, dated="2026-09-14", others=k.Others.SIBLING, format=k.Format.PDF)
        asyncio.run(wait(lambda: room.write(request, details, self.named(), str(path))))
        told = words(path)
        taught = {day for day in days() if day in self.mondays or day in self.wednesdays or day in self.walks}
        minutes = 45 * len(self.mondays) + 91 * len(self.wednesdays)
        self.assertEqual(int(re.search(r"Days +(\d+)", told)[1]), len(taught))
        self.assertAlmostEqual(float(re.search(r"Hours +([\d.]+)", told)[1]), minutes / 60, delta=0.06)
        self.assertAlmostEqual(float(re.search(r"Hours in core subjects +([\d.]+)", told)[1]), 45 * len(self.mondays) / 60, delta=0.06)
        self.assertNotIn("Hedgehog", told)

    def test_90_a_weeks_sheet_holds_its_plans_and_its_days_and_room_to_write(self):
        plan = self.home.plans().add(k.Plan(title="Library card", week_of="2026-04-20", minutes=40, learners=[self.hedgehog.id]))
        self.addCleanup(lambda: self.home.plans().trash(plan.id))
        path = self.place / "week.pdf"
        request = k.WeekRequest(day="2026-04-22")
        length = asyncio.run(wait(lambda: self.home.export().write_week(request, str(path))))
        self.assertEqual(length, path.stat().st_size)
        told = words(path)
        self.assertIn("Week of 20 April 2026", told)
        self.assertIn("Library card (Hedgehog), 40 min", told)
        for day in ("Monday 20", "Tuesday 21", "Wednesday 22", "Thursday 23", "Friday 24", "Saturday 25", "Sunday 26"):
            self.assertEqual(told.count(day), 1, day)
        info = subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout
        self.assertRegex(info, r"Pages: +1\n")
        self.assertRegex(info, r"Tagged: +yes")
        with self.assertRaises(k.KinfolioError.InvalidInput):
            asyncio.run(self.home.export().write_week(k.WeekRequest(day="2026-04-22", paper=k.Paper.BOOK), str(path)))
        self.assertEqual(length, path.stat().st_size)

    def test_90_a_full_weeks_sheet_is_one_page_and_of_a_week_that_is_more_than_full_nothing_is_cut_off(self):
        plans = []
        self.addCleanup(lambda: [self.home.plans().trash(plan) for plan in plans])
        path = self.place / "full.pdf"
        for count, pages in ((17, 1), (120, None)):
            while len(plans) < count:
                plans.append(self.home.plans().add(k.Plan(title=f"Plan no. {len(plans)}.", week_of="2026-06-10")).id)
            asyncio.run(wait(lambda: self.home.export().write_week(k.WeekRequest(day="2026-06-10", paper=k.Paper.A4), str(path))))
            told = words(path)
            self.assertEqual([told.count(f"Plan no. {plan}.") for plan in range(count)], [1] * count)
            for day in ("Monday 8", "Sunday 14"):
                self.assertEqual(told.count(day), 1, day)
            printed = int(re.search(r"Pages: +(\d+)", subprocess.run(["pdfinfo", str(path)], check=True, capture_output=True, text=True).stdout)[1])
            self.assertEqual(printed, pages or printed)

    def test_90_the_year_goes_out_whole_and_comes_in_elsewhere(self):
        path = self.place / "record.zip"
        asyncio.run(wait(lambda: self.home.export().write_record(str(path))))
        with zipfile.ZipFile(path) as record:
            self.assertIsNone(record.testzip())
            self.assertIn("index.html", record.namelist())
        other = phone(self.place / "other", self.clock)
        report = asyncio.run(wait(lambda: other.imports().import_record(str(path), [])))
        self.assertEqual(report.problems, [])
        self.assertEqual(other.entries().count(), len(self.mondays) + len(self.wednesdays) + len(self.walks))
        there = next(one for one in other.learners().list() if one.nickname == "Hedgehog")
        ours, theirs = (self.coverage(one, client=client).totals for one, client in ((self.hedgehog, self.home), (there, other)))
        self.assertEqual((ours.days, ours.minutes, ours.entries), (theirs.days, theirs.minutes, theirs.entries))
