"""Pictures of documents through the façade alone: made smaller until a file fits into a mail, cut and blacked out for good.

Usage: pictures.py BINDINGS_FOLDER   (`./dev test` does)
"""
import asyncio
import base64
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zlib

sys.path.insert(0, sys.argv[1])
import kinfolio as k  # noqa: E402  (generated into the folder named on the command line)
from chromium import Browser  # noqa: E402

YEAR = ("2025-09-01", "2026-08-31")


class Secrets(k.SecretStore):
    def __init__(self):
        self.kept = {}

    def load(self, name):
        return self.kept.get(name)

    def save(self, name, secret):
        self.kept[name] = secret


def png(width, height, rows):
    """A picture of these rows of RGB bytes."""
    def part(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)) + part(b"IDAT", data) + part(b"IEND", b"")


def leaves(seed, width=1600, height=1000):
    """Something with edges of every size, as a photograph has: two walks at random, across and down."""
    source = random.Random(seed)

    def walk(length):
        at, steps = 128, []
        for step in source.choices((-40, -9, -2, 0, 2, 9, 40), k=length):
            at = min(max(at + step, 60), 195)
            steps.append(at)
        return steps
    down = walk(height)
    across = [bytes(value for one in walk(width) for value in (one, one, one // 2)) for _ in range(height // 10)]
    return png(width, height, [across[y // 10].translate(bytes(min(255, max(0, value + down[y] - 128)) for value in range(256))) for y in range(height)])


def sides(jpeg):
    """Width and height that a JPEG says it has."""
    at = 2
    while jpeg[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + struct.unpack(">H", jpeg[at + 2:at + 4])[0]
    height, width = struct.unpack(">HH", jpeg[at + 5:at + 9])
    return width, height


class Mail(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.phone = k.Client.open(folder=str(cls.root / "store"), device_name="phone", secrets=Secrets())
        cls.bean = cls.phone.learners().add(k.NewLearner(nickname="Bean"))
        cls.entries = [cls.phone.entries().create(k.EntryDraft(
            title=title, learned_on=day, on_record=True, learners=[k.LearnerLine(learner=cls.bean.id, line="")]))
            for title, day in (("Museum", "2026-05-09"), ("Woods", "2026-02-03"))]
        for number in range(6):
            asyncio.run(cls.phone.attachments().import_photo(
                cls.entries[number >= 4].id, k.ImportSource.BYTES(leaves(number)), caption=f"Leaf {number}", alt=""))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def request(self, **more):
        return k.PortfolioRequest(learner=self.bean.id, first_day=YEAR[0], last_day=YEAR[1], **{
            "others": k.Others.SIBLING, "format": k.Format.HTML, **more})

    def write(self, request, name):
        path = self.root / name

        async def run():
            return await self.phone.export().write_portfolio(request, [k.PrintedName(learner=self.bean.id, name="Robin Marlow")], str(path))
        self.assertEqual(asyncio.run(run()), path.stat().st_size)
        return path

    def estimate(self, request, sealed=False):
        return asyncio.run(self.phone.export().estimate(request, sealed))

    def test_39_without_a_limit_the_estimate_is_the_size(self):
        for form, name in ((k.Format.HTML, "all.html"), (k.Format.DOCX, "all.docx")):
            request = self.request(format=form)
            told, size = self.estimate(request), self.write(request, name).stat().st_size
            self.assertTrue(told.fits)
            self.assertLess(abs(told.bytes - size), 2_000)
            self.assertEqual([(one.entry, one.date) for one in told.heaviest], [(self.entries[0].id, "9 May 2026"), (self.entries[1].id, "3 Feb 2026")])
            self.assertEqual(sum(one.photos for one in told.heaviest), 7, "six, and one of them on the cover")

    def test_39_a_file_fits_with_photos_as_large_as_it_may_have(self):
        whole = self.estimate(self.request()).bytes
        self.assertGreater(whole, 2_000_000)
        edges = []
        for part in (2, 6):
            most = whole // part
            for form, name in ((k.Format.HTML, "small.html"), (k.Format.DOCX, "small.docx")):
                request = self.request(format=form, most_bytes=most)
                told, path = self.estimate(request), self.write(request, name)
                size = path.stat().st_size
                self.assertTrue(told.fits)
                self.assertLessEqual(size, most)
                self.assertLess(abs(told.bytes - size) / size, 0.3, (part, name))
                if form == k.Format.HTML:
                    pictures = [base64.b64decode(one) for one in re.findall(r"data:image/jpeg;base64,([^\"]+)", path.read_text())]
                    edges.append(max(max(sides(one)) for one in pictures))
                else:
                    with zipfile.ZipFile(path) as parts:
                        pictures = [parts.read(name) for name in parts.namelist() if name.startswith("word/media/")]
                self.assertEqual(len(pictures), 7)
                self.assertLessEqual(max(max(sides(one)) for one in pictures), told.photo_edge)
        self.assertEqual(edges, sorted(edges, reverse=True))
        self.assertLess(edges[-1], edges[0])

    def test_39_smaller_photos_are_neither_stretched_nor_missing(self):
        path = self.write(self.request(most_bytes=self.estimate(self.request()).bytes // 3), "shown.html")
        browser = Browser()
        try:
            browser.open(path)
            shown = browser.run("Array.from(document.images).map((one) => [one.naturalWidth, one.naturalHeight, one.width, one.height, one.getAttribute('width'), one.getAttribute('height')])")
            self.assertEqual(len(shown), 7)
            for across, down, width, height, told_across, told_down in shown:
                self.assertEqual((str(across), str(down)), (told_across, told_down))
                self.assertLess(abs(width / height - across / down), 0.02)
        finally:
            browser.close()

    def test_39_a_sealed_file_fits_too(self):
        most = self.estimate(self.request(), sealed=True).bytes // 2
        request = self.request(most_bytes=most)
        path = self.root / "sealed.html"

        async def run():
            return await self.phone.export().write_sealed(request, [], str(path))
        told = self.estimate(request, sealed=True)
        file = asyncio.run(run())
        self.assertTrue(told.fits)
        self.assertLessEqual(file.length, most)
        self.assertGreater(file.length, most // 3)

    def test_39_what_can_not_fit_is_told_with_what_to_leave_out_and_nothing_is_written(self):
        request = self.request(most_bytes=300_000)
        told = self.estimate(request)
        self.assertFalse(told.fits)
        self.assertGreater(told.bytes, 300_000)
        self.assertEqual(told.heaviest[0].entry, self.entries[0].id)
        with self.assertRaisesRegex(k.KinfolioError.InvalidInput, r"may take 0.3 MB: leave out about \d+ of its 7 photos, most are in the entries of 9 May 2026 \(\d\), 3 Feb 2026"):
            self.write(request, "never.html")
        self.assertEqual([path.name for path in self.root.iterdir() if path.name.startswith("never")], [])
        with self.assertRaisesRegex(k.KinfolioError.InvalidInput, "choose fewer entries"):
            self.write(self.request(most_bytes=1_000), "never.html")

    def test_39_what_a_mail_takes_is_named(self):
        self.assertEqual(k.mail_bytes(), 10_000_000)


class Burnt(unittest.TestCase):
    """A worksheet with a name on it: magenta, so that it is found in whatever a picture became."""
    NAME = k.Area(x=300, y=200, width=200, height=80)
    MAGENTA = """(async () => { const found = [];
        for (const one of document.images) {
            const canvas = document.createElement('canvas');
            canvas.width = one.naturalWidth; canvas.height = one.naturalHeight;
            const draw = canvas.getContext('2d'); draw.drawImage(one, 0, 0);
            const dots = draw.getImageData(0, 0, canvas.width, canvas.height).data;
            let count = 0;
            for (let at = 0; at < dots.length; at += 4) if (dots[at] - dots[at + 1] > 24 && dots[at + 2] - dots[at + 1] > 24) count += 1;
            found.push([canvas.width, canvas.height, count]);
        } return found; })()"""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.phone = k.Client.open(folder=str(cls.root / "store"), device_name="phone", secrets=Secrets())
        cls.bean = cls.phone.learners().add(k.NewLearner(nickname="Bean"))
        cls.entry = cls.phone.entries().create(k.EntryDraft(
            title="Worksheet", learned_on="2026-02-03", on_record=True, learners=[k.LearnerLine(learner=cls.bean.id, line="")]))
        white, named = b"\xff" * 2400, b"\xff" * 960 + b"\xff\x00\xff" * 160 + b"\xff" * 960
        cls.sheet = png(800, 600, [named if 210 <= y < 270 else white for y in range(600)])
        cls.browser = Browser()

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.folder.cleanup()

    def take(self):
        return asyncio.run(self.phone.attachments().import_photo(
            self.entry.id, k.ImportSource.BYTES(self.sheet), caption="Sums", alt="A sheet of sums"))

    def burn(self, photo, **edit):
        async def run():
            return await self.phone.attachments().burn(photo.id, k.PictureEdit(**edit))
        return asyncio.run(run())

    def magenta(self, path):
        self.browser.open(path)
        return self.browser.run(self.MAGENTA)

    def shown(self, jpegs):
        """Width, height and magenta dots of pictures."""
        path = self.root / "look.html"
        path.write_text("".join(f'<img src="data:image/jpeg;base64,{base64.b64encode(one).decode()}">' for one in jpegs))
        return self.magenta(path)

    def documents(self):
        """Every picture of every document, by document."""
        export, request = self.phone.export(), dict(learner=self.bean.id, first_day=YEAR[0], last_day=YEAR[1], others=k.Others.SIBLING)

        async def run():
            await export.write_portfolio(k.PortfolioRequest(format=k.Format.HTML, **request), [], str(self.root / "a.html"))
            await export.write_portfolio(k.PortfolioRequest(format=k.Format.HTML, small_photos=True, **request), [], str(self.root / "b.html"))
            await export.write_portfolio(k.PortfolioRequest(format=k.Format.DOCX, **request), [], str(self.root / "c.docx"))
            await export.write_record(str(self.root / "d.zip"))
            await export.write_portfolio(k.PortfolioRequest(format=k.Format.ZIP, **request), [], str(self.root / "e.zip"))
        asyncio.run(run())
        found = {name: self.magenta(self.root / name) for name in ("a.html", "b.html")}
        for name in ("c.docx", "d.zip", "e.zip"):
            with zipfile.ZipFile(self.root / name) as parts:
                found[name] = self.shown([parts.read(part) for part in parts.namelist() if part.endswith(".jpg")])
        return found

    def blobs(self):
        return {path.read_bytes() for path in (self.root / "store" / "blobs").iterdir()}

    def test_30_no_dot_under_the_black_comes_out_in_any_document(self):
        others = self.blobs()
        photo = self.take()
        for name, pictures in self.documents().items():
            self.assertTrue(all(count > 500 for _, _, count in pictures), (name, pictures))
        stored = self.blobs() - others
        self.assertTrue(stored)
        preview = asyncio.run(self.phone.attachments().burn_preview(photo.id, k.PictureEdit(black=[self.NAME])))
        self.assertEqual(self.shown([preview]), [[800, 600, 0]])
        burnt = self.burn(photo, black=[self.NAME])
        self.assertEqual((burnt.caption, burnt.alt, burnt.width, burnt.height), ("Sums", "A sheet of sums", 800, 600))
        for name, pictures in self.documents().items():
            self.assertTrue(pictures and all(count == 0 for _, _, count in pictures), (name, pictures))
        self.assertFalse(stored & self.blobs(), "a copy of the picture as it was is still stored")
        for size in (k.Size.DISPLAY, k.Size.THUMB):
            (self.root / "one.jpg").write_bytes(self.phone.attachments().read(burnt.id, size))
            told = subprocess.run(["exiftool", "-G1", "-s", str(self.root / "one.jpg")], check=True, capture_output=True, text=True).stdout
            for trace in ("[GPS", "[ExifIFD]", "[IFD0]", "[XMP", "[IPTC", "Comment"):
                self.assertNotIn(trace, told)
        with self.assertRaises(k.KinfolioError.NotFound):
            self.phone.attachments().remove(photo.id)
        self.assertIsNone(self.phone.undo().last())
        self.phone.attachments().remove(burnt.id)

    def test_30_a_crop_keeps_that_part_only(self):
        burnt = self.burn(self.take(), crop=k.Area(x=0, y=300, width=400, height=900))
        self.assertEqual((burnt.width, burnt.height), (400, 300))
        self.assertEqual([tuple(one) for one in self.documents()["a.html"]], [(400, 300, 0)] * 2, "in the entry and on the cover")
        self.phone.attachments().remove(burnt.id)

    def test_31_the_page_of_a_portfolios_zip_shows_its_photos_from_beside_it(self):
        photo = self.take()
        self.documents()
        with zipfile.ZipFile(self.root / "e.zip") as parts:
            parts.extractall(self.root / "e")
        self.browser.open(self.root / "e" / "index.html")
        shown = self.browser.run("Promise.all([...document.images].map(async one => { one.loading = 'eager'; await one.decode(); return one.naturalWidth > 0; }))")
        self.assertEqual(shown, [True, True], "on the cover and in the entry")
        self.phone.attachments().remove(photo.id)

    def test_30_an_edit_that_leaves_nothing_is_told(self):
        photo = self.take()
        for edit, told in ((dict(), "mark what"), (dict(black=[k.Area(x=800, y=0, width=5, height=5)]), "outside the picture"),
                           (dict(crop=k.Area(x=0, y=0, width=5, height=500)), "cut less away")):
            with self.assertRaisesRegex(k.KinfolioError.InvalidInput, told):
                self.burn(photo, **edit)
        self.phone.attachments().remove(photo.id)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
