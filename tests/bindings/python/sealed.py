"""A sealed file through the façade alone, opened by its six words in a real browser, with and without its crypto.subtle.

Usage: sealed.py BINDINGS_FOLDER   (`./dev test` does)
"""
import asyncio
import json
import pathlib
import re
import sys
import tempfile
import time
import unittest

sys.path.insert(0, sys.argv[1])
import kinfolio as k  # noqa: E402  (generated into the folder named on the command line)
from chromium import Browser  # noqa: E402

PHOTOS = pathlib.Path(__file__).parent.parent.parent / "fixtures" / "photos"
YEAR = ("2025-09-01", "2026-08-31")
WITHOUT = "Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined });"


class Secrets(k.SecretStore):
    def __init__(self):
        self.kept = {}

    def load(self, name):
        return self.kept.get(name)

    def save(self, name, secret):
        self.kept[name] = secret


class Sealed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.phone = k.Client.open(folder=str(cls.root / "store"), device_name="phone", secrets=Secrets())
        cls.bean = cls.phone.learners().add(k.NewLearner(nickname="Bean"))
        cls.entry = cls.phone.entries().create(k.EntryDraft(
            title="Owl canary", learned_on="2026-02-03", note="Bean looked at pellets.", minutes=60, on_record=True,
            learners=[k.LearnerLine(learner=cls.bean.id, line="held the lens")]))
        for photo in ("rocket.jpg", "cat.jpg"):
            asyncio.run(cls.take(PHOTOS / photo))
        cls.path = cls.root / "sealed.html"
        cls.words = cls.seal().words
        cls.browsers = {"with crypto.subtle": Browser(), "without": Browser(WITHOUT)}

    @classmethod
    def tearDownClass(cls):
        for browser in cls.browsers.values():
            browser.close()
        cls.folder.cleanup()

    @classmethod
    async def take(cls, path):
        await cls.phone.attachments().import_photo(cls.entry.id, k.ImportSource.PATH(str(path)), caption="Feathers", alt="")

    @classmethod
    def seal(cls, path=None, names=(), **more):
        request = k.PortfolioRequest(learner=cls.bean.id, first_day=YEAR[0], last_day=YEAR[1], **{
            "others": k.Others.SIBLING, "format": k.Format.HTML, **more})

        async def run():
            return await cls.phone.export().write_sealed(request, list(names), str(path or cls.path))
        return asyncio.run(run())

    def typed(self, browser, words):
        """Types the words and gives what the page says once it has tried them."""
        browser.run(f"{json.dumps(words)}.forEach((word, n) => {{ document.getElementById('word-' + (n + 1)).value = word; }});"
                    "document.querySelector('#open button').click()")
        return browser.until("document.getElementById('status') ? (!document.querySelector('#open button').disabled"
                             " && document.getElementById('status').textContent) : document.readyState === 'complete' && 'open'")

    def opened(self, browser, path, words):
        browser.open(path)
        self.assertEqual(self.typed(browser, words), "open")

    def test_38_six_words_open_it_offline_with_and_without_crypto_subtle(self):
        for kind, browser in self.browsers.items():
            browser.requests.clear()
            browser.open(self.path)
            self.assertEqual(browser.run("typeof (crypto.subtle)"), "object" if kind == "with crypto.subtle" else "undefined")
            self.opened(browser, self.path, self.words)
            self.assertEqual(browser.run("document.title"), "Bean: a record of learning, September 2025 to August 2026")
            text = browser.run("document.body.innerText")
            for words in ("Owl canary", "Bean looked at pellets.", "held the lens", "Feathers"):
                self.assertIn(words, text, kind)
            self.assertEqual(browser.run("Array.from(document.images).map((one) => one.naturalWidth > 0)"), [True] * 3)
            self.assertEqual(set(browser.requests), {self.path.as_uri()}, kind)
            self.assertEqual(browser.errors, [], kind)
            # The names can be changed in it as in any other file.
            browser.run("document.getElementById('names').open = true; const field = document.getElementById('name-1');"
                        "field.value = 'Robin'; field.dispatchEvent(new Event('input'))")
            self.assertEqual(browser.run("document.querySelector('h1').textContent"), "Robin")

    def test_38_a_wrong_word_is_told_calmly_and_near_its_field_as_often_as_one_likes(self):
        other = "zoo" if self.words[2] != "zoo" else "zone"
        for kind, browser in self.browsers.items():
            browser.open(self.path)
            wrong = [*self.words[:2], other, *self.words[3:]]
            began = time.monotonic()
            for _ in range(4):
                self.assertIn("do not open this file. Listen to them once more", self.typed(browser, wrong), kind)
            self.assertLess(time.monotonic() - began, 30, "no waiting for who mistyped")
            self.assertEqual(self.typed(browser, [*self.words[:4], "", "colour"]), "Look at word 5 once more.")
            told = browser.run("Array.from(document.querySelectorAll('.wrong')).map((one) => one.textContent)")
            self.assertEqual(told[:5], ["", "", "", "", "Word 5 is missing."])
            self.assertIn("Perhaps “color”?", told[5])
            self.assertEqual(browser.run("Array.from(document.querySelectorAll('[aria-invalid]')).map((one) => one.id)"), ["word-5", "word-6"])
            self.assertEqual(browser.run("document.activeElement.id"), "word-5")
            shouted = [f" {word[:4].upper()} " if len(word) > 4 else word.upper() for word in self.words]
            self.assertEqual(self.typed(browser, shouted), "open", "four letters are enough, in any case")

    def test_38_all_six_pasted_into_one_field_are_spread(self):
        browser = self.browsers["with crypto.subtle"]
        browser.open(self.path)
        browser.run(f"const one = document.getElementById('word-1'); one.value = {json.dumps(' '.join(self.words))};"
                    "one.dispatchEvent(new Event('input'))")
        self.assertEqual(browser.run("Array.from(document.querySelectorAll('input')).map((one) => one.value)"), self.words)

    def test_38_the_file_itself_holds_nothing_of_the_record_and_no_words_are_kept(self):
        html = self.path.read_text()
        around = re.sub(r'<script type="text/plain"[^>]*>[^<]*</script>', "", html)
        self.assertEqual(html.count('<script type="text/plain"'), 2, "one piece, and the list of all words")
        for canary in ("Owl canary", "Bean", "pellets", "lens", "Feathers", "2026", "record of learning", "data:image/", " ".join(self.words)):
            self.assertFalse(canary in around, canary)
        self.assertRegex(html, r"default-src 'none'.*form-action 'none'")
        again = self.seal(self.root / "again.html")
        self.assertNotEqual(again.words, self.words)
        self.assertEqual(again.length, (self.root / "again.html").stat().st_size)
        # That no row of the store holds the words is proved where it can be read unlocked: export/report/tests.rs.
        logged = self.phone.family_log().page(k.LogQuery())
        self.assertNotIn(self.words[0], repr(logged))

    def test_38_a_file_that_was_cut_or_changed_says_so(self):
        browser = self.browsers["without"]
        html = self.path.read_text()
        begin = html.rindex('class="piece">') + 14
        other = "A" if html[begin + 40_000] != "A" else "B"
        for name, damaged, told in (
                ("cut", html[:begin + 40_000], "This file did not arrive whole: ask for it once more."),
                ("changed", html[:begin + 40_000] + other + html[begin + 40_001:], "do not open this file")):
            path = self.root / f"{name}.html"
            path.write_text(damaged)
            browser.open(path)
            if name == "cut":
                self.assertIn(told, browser.run("document.body.innerText"))
            else:
                self.assertIn(told, self.typed(browser, self.words))
                self.assertNotIn("Owl", browser.run("document.body.innerText"))

    def test_38_a_report_is_sealed_alike_and_with_fixed_names_no_other_script_may_run(self):
        kept = self.phone.reports().begin(k.ReportForm.MISSOURI, self.bean.id, *YEAR)
        request = k.ReportRequest(report=kept.id, others=k.Others.SIBLING, format=k.Format.HTML, fixed_names=True)
        path = self.root / "report.html"

        async def run(request):
            return await self.phone.reports().write_sealed(request, k.ReportDetails(sender="Jo Marlow"), [k.PrintedName(learner=self.bean.id, name="Robin")], str(path))
        file = asyncio.run(run(request))
        self.assertFalse("Marlow" in path.read_text())
        for browser in self.browsers.values():
            self.opened(browser, path, file.words)
            text = browser.run("document.body.innerText")
            self.assertIn("Home education report: Robin", text)
            self.assertIn("Jo Marlow", text)
        scripts = [re.search(r"script-src ([^;]+);", one.read_text()).group(1).split() for one in (path, self.path)]
        self.assertEqual([len(hashes) for hashes in scripts], [1, 2], "what opens the file, and the rename bar where names may change")
        self.assertTrue(all(one.startswith("'sha256-") for hashes in scripts for one in hashes))
        with self.assertRaisesRegex(k.KinfolioError.InvalidInput, "choose HTML"):
            asyncio.run(run(k.ReportRequest(report=kept.id, others=k.Others.SIBLING, format=k.Format.DOCX)))

    def test_38_cancelled_or_failed_nothing_is_left(self):
        before = sorted(self.root.iterdir())
        cancel = k.Cancel()
        cancel.cancel()
        request = k.PortfolioRequest(learner=self.bean.id, first_day=YEAR[0], last_day=YEAR[1], others=k.Others.SIBLING, format=k.Format.HTML)

        async def run():
            await self.phone.export().write_sealed(request, [], str(self.root / "never.html"), cancel)
        with self.assertRaises(k.KinfolioError.Cancelled):
            asyncio.run(run())
        with self.assertRaises(k.KinfolioError.InvalidInput):
            self.seal(self.root / "nowhere" / "never.html")
        self.assertEqual(sorted(self.root.iterdir()), before)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]])
