"""The documents of a family's year as PDF through the façade alone, read by poppler, exiftool and veraPDF.

Usage: printed.py BINDINGS_FOLDER   (`./dev test` does)
"""
import asyncio
import pathlib
import re
import subprocess
import sys
import unittest

import papers
from papers import DETAILS, PHOTOS, YEAR, changed, k

PDFUA = pathlib.Path(__file__).parent.parent.parent / "pdfua"


def said(*program):
    """What a program prints; it may not complain."""
    ran = subprocess.run(program, check=True, capture_output=True, encoding="utf-8", errors="replace", timeout=180)
    if ran.stderr:
        raise AssertionError(f"{program[0]}: {ran.stderr}")
    return ran.stdout


def words(path):
    return said("pdftotext", str(path), "-")


class Printed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        papers.Papers.setUpClass.__func__(cls)
        entry = cls.create("Rocket", "2026-05-09", "Science", "Bean and Fern built one.")

        async def photos():
            for photo in ("rocket.jpg", "cat.jpg"):
                source = k.ImportSource.PATH(str(PHOTOS / photo))
                await cls.phone.attachments().import_photo(entry.id, source, caption="What Bean saw", alt="Bean's photo")
        asyncio.run(photos())
        cls.phone.entries().update(entry.id, k.EntryEdit(annotation=k.Annotation(sample=True, shows="Bean knows what lifts it.")))

    create = classmethod(papers.Papers.create.__func__)
    tearDownClass = classmethod(papers.Papers.tearDownClass.__func__)

    def names(self, name):
        return [k.PrintedName(learner=self.bean.id, name=name)] if name else []

    def request(self, **more):
        return k.PortfolioRequest(learner=self.bean.id, first_day=YEAR[0], last_day=YEAR[1], **{
            "others": k.Others.SIBLING, "format": k.Format.PDF, **more})

    def portfolio(self, name, file="portfolio.pdf", **more):
        path = self.root / file
        length = asyncio.run(self.phone.export().write_portfolio(self.request(**more), self.names(name), str(path)))
        self.assertEqual(length, path.stat().st_size)
        return path

    def report(self, name, form=k.ReportForm.ENGLAND, **more):
        kept = self.room.begin(form, self.bean.id, *YEAR)
        kept = self.room.save(kept.id, kept.item, changed(kept.item, k.Section.ABOUT, "Bean likes owls. Bean and Fern dug."))
        request = k.ReportRequest(report=kept.id, dated="2026-09-14", others=k.Others.SIBLING, format=k.Format.PDF, **more)
        path = self.root / f"report-{form.name}-{bool(more)}.pdf"
        asyncio.run(self.room.write(request, DETAILS, self.names(name), str(path)))
        pages = asyncio.run(self.room.pages(request, DETAILS, self.names(name)))
        self.assertEqual(str(pages.pages), re.search(r"Pages: +(\d+)", said("pdfinfo", str(path)))[1])
        return path

    def test_31_poppler_finds_tags_fonts_pages_and_words_in_order(self):
        path = self.portfolio("Zoë O'Neill")
        told = said("pdfinfo", str(path))
        for one in (r"Title: +Zoë O'Neill: a record of learning, September 2025 to August 2026", r"Tagged: +yes", r"Page size: .*\(A4\)", r"JavaScript: +no"):
            self.assertRegex(told, one)
        self.assertNotRegex(told, "Author|Creator:")
        fonts = said("pdffonts", str(path)).splitlines()[2:]
        self.assertGreater(len(fonts), 2)
        for font in fonts:
            self.assertRegex(font, r"^[A-Z]{6}\+(Literata|AtkinsonHyperlegibleNext)-\S+ +CID TrueType +Identity-H +yes yes yes")
        read = words(path)
        places = [read.index(one) for one in ("A record of learning", "Contents", "Letter to Gran", "Page 2 of", "5 Oct 2025", "Page 3 of")]
        self.assertEqual(places, sorted(places))
        tags = said("pdfinfo", "-struct-text", str(path))
        for tag in ("Document", "H1", "H2", "H3", "Art", "Figure", "Table", "TH", "Link"):
            self.assertRegex(tags, rf"(?m)^ *{tag}\b")
        self.assertEqual(path.read_bytes().count(b"/Alt"), 3, "the cover and two photographs are described")
        self.assertRegex(said("pdfinfo", str(self.portfolio(None, paper=k.Paper.LETTER))), r"Page size: .*\(letter\)")

    def test_30_no_nickname_is_left_and_renaming_back_gives_the_same_bytes(self):
        before = self.portfolio(None).read_bytes()
        for name in ("O'Neill", "Anne-Marie", "Zoe\u0308", "נועה", "x" * 80, "<script>", "]]>", "R & D", "🦔", "Art", "Will", "Rose"):
            path = self.portfolio(name)
            read = words(path) + said("pdfinfo", "-struct-text", str(path)) + said("exiftool", "-a", "-G1", str(path))
            shown = name.replace("e\u0308", "ë")
            self.assertIn(shown, re.sub(r"[\u200e-\u202e]|\n(?=x)", "", read), name)
            for gone in ("Bean", "Fern", "CANARY-LINE", "{learner:"):
                self.assertNotIn(gone, read, name)
        self.assertEqual(self.portfolio(None).read_bytes(), before)

    def test_31_photos_keep_their_shape_and_hold_no_metadata(self):
        path = self.portfolio("Robin")
        folder = self.root / "images"
        folder.mkdir(exist_ok=True)
        said("pdfimages", "-j", str(path), str(folder / "photo"))
        told = said("exiftool", "-r", "-G1", "-s", str(folder))
        for trace in ("[GPS", "[ExifIFD]", "[IFD0]", "[XMP", "[IPTC"):
            self.assertNotIn(trace, told)
        rows = [line.split() for line in said("pdfimages", "-list", str(path)).splitlines()[2:]]
        self.assertTrue(rows)
        for row in rows:
            self.assertEqual((row[2], row[8]), ("image", "jpeg"))
            self.assertAlmostEqual(int(row[12]), int(row[13]), delta=2)

    def test_29_the_report_is_printed_with_the_whole_name(self):
        read = words(self.report("Robin"))
        for one in ("Home education report: Robin Marlow", "Your reference: EHE/2018/0412", "Educated by", "Robin likes owls. Robin and a sibling dug.", "Page 1 of 1"):
            self.assertIn(one, read)
        self.assertNotIn("Bean", read)

    def test_29_photographs_of_samples_are_printed_when_they_are_asked_for(self):
        for form in k.ReportForm:
            self.assertEqual(said("pdfimages", "-list", str(self.report("Robin", form))).splitlines()[2:], [], "off unless somebody asks")
            path = self.report("Robin", form, photos=True)
            rows = [line.split() for line in said("pdfimages", "-list", str(path)).splitlines()[2:]]
            self.assertEqual([row[2] for row in rows], ["image", "image"], form)
            self.assertTrue(all(max(int(row[3]), int(row[4])) <= 1280 for row in rows), "small enough for a mail")
            read = words(path)
            self.assertEqual(read.count("What Robin saw"), 2)
            for one in ("Samples", "Robin knows what lifts it."):
                self.assertIn(one, read, form)
            self.assertNotIn("Bean", read + said("pdfinfo", "-struct-text", str(path)))

    def test_35_a_photo_book_is_square_with_bleed_and_a_report_is_none(self):
        told = said("pdfinfo", "-box", str(self.portfolio("Robin", "book.pdf", paper=k.Paper.BOOK)))
        self.assertRegex(told, r"MediaBox: +0\.00 +0\.00 +612\.28 +612\.28\nCropBox: .*\nBleedBox: .*\nTrimBox: +8\.50 +8\.50 +603\.78 +603\.78")
        kept = self.room.begin(k.ReportForm.ENGLAND, self.bean.id, *YEAR)
        request = k.ReportRequest(report=kept.id, others=k.Others.SIBLING, format=k.Format.PDF, paper=k.Paper.BOOK)
        with self.assertRaisesRegex(k.KinfolioError.InvalidInput, "choose A4 or Letter"):
            asyncio.run(self.room.pages(request, DETAILS, []))

    def test_32_the_pages_are_counted_and_letters_without_a_font_are_told(self):
        pages = asyncio.run(self.phone.export().pages(self.request(), self.names("\U0010fffd")))
        self.assertEqual((pages.pages >= 4, pages.without_font), (True, "\U0010fffd"))

    def test_58_every_document_keeps_pdf_ua_1(self):
        jars = self.root / "jars"
        subprocess.run(["mvn", "-q", "--batch-mode", "--no-transfer-progress", "-f", str(PDFUA / "pom.xml"), "dependency:copy-dependencies",
                        f"-DoutputDirectory={jars}"], check=True, timeout=600)
        files = [self.portfolio("Zoë O'Neill"), self.portfolio("נועה 🦔", "other.pdf", comfort=True, paper=k.Paper.LETTER),
                 self.portfolio("Robin", "book.pdf", paper=k.Paper.BOOK), self.report("Robin"),
                 self.report("Robin", k.ReportForm.QUEENSLAND, photos=True)]
        ran = subprocess.run(["java", "-cp", f"{jars}/*", str(PDFUA / "Check.java"), *map(str, files)], capture_output=True, text=True, timeout=300)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
