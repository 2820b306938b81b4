"""From sign-up to export through the generated Python bindings, against a real server in a process of its own.

Usage: round.py BINDINGS_FOLDER SERVER_BINARY   (`./dev test` does)
"""
import asyncio
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

bindings, server_binary = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
sys.path.insert(0, str(bindings))
import kinfolio as k  # noqa: E402  (generated into the folder named on the command line)
from pages import Browser  # noqa: E402

PHOTOS = pathlib.Path(__file__).parent.parent.parent / "fixtures" / "photos"
PASSWORD = "seven brown otters cross the river"
BACK = "http://127.0.0.1:7/callback"


class Secrets(k.SecretStore):
    """A keystore in memory."""

    def __init__(self):
        self.kept = {}

    def load(self, name):
        return self.kept.get(name)

    def save(self, name, secret):
        self.kept[name] = secret


class BrokenSecrets(Secrets):
    """A keystore that throws something that the façade has never heard of."""

    def load(self, name):
        raise RuntimeError("canary-of-the-keystore")


class Heard(k.ChangeListener):
    def __init__(self):
        self.changes = []

    def changed(self, changes):
        self.changes.extend(changes)


class Steps(k.Progress):
    def __init__(self):
        self.seen = []

    def progress(self, done, total):
        self.seen.append((done, total))


class StandingClock(k.Clock):
    def now_ms(self):
        return 1_780_000_000_000


class Decoder(k.ImageDecoder):
    """Knows one format: our own, a red square."""

    def decode(self, bytes):
        if bytes != b"KINFOLIO-TEST-PICTURE":
            raise k.KinfolioError.InvalidInput("not mine")
        return k.DecodedImage(width=64, height=48, rgba=b"\xc0\x20\x20\xff" * (64 * 48), orientation=6, captured_at=None)


class Round(unittest.IsolatedAsyncioTestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.mail = cls.root / "mail"
        cls.mail.mkdir()
        command = [server_binary, "serve", "--listen", "127.0.0.1:0", "--data", cls.root / "server", "--mail", f"dir:{cls.mail}"]
        cls.server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        line = cls.server.stdout.readline().strip()
        assert line.startswith("listening on http://127.0.0.1:"), line
        cls.url = line.removeprefix("listening on ")

    @classmethod
    def tearDownClass(cls):
        cls.server.terminate()
        cls.server.wait(timeout=20)
        cls.server.stdout.close()
        cls.folder.cleanup()

    def phone(self, name, secrets=None, **more):
        return k.Client.open(folder=str(self.root / name), device_name=name, secrets=secrets or Secrets(), **more)

    async def signed_in(self, client, browser):
        url = await client.account().begin(server=self.url, redirect_uri=BACK, client_id=k.client_desktop())
        back = await asyncio.to_thread(browser.authorize, url)
        return await client.account().finish(back)

    async def test_from_sign_up_to_export(self):
        one = self.phone("phone-1")
        heard = Heard()
        subscription = one.on_change(heard)

        # Everything local works before there is any account.
        hedgehog = one.learners().add(k.NewLearner(nickname="Hedgehog", emoji="🦔"))
        otter = one.learners().add(k.NewLearner(nickname="Otter"))
        science = one.subjects().add("Science", "#2a6f4e")
        entry = one.entries().create(k.EntryDraft(
            title="Pond dipping", note="Hedgehog counted eleven water boatmen.", learned_on="2026-05-03", on_record=True,
            minutes=90, subjects=[science.id], tags=["outdoors"],
            learners=[k.LearnerLine(learner=hedgehog.id, line="drew a newt"),
                      k.LearnerLine(learner=otter.id, line="CANARY-OTTER-LINE")]))
        self.assertEqual(one.entries().search("boatm", k.TimelineQuery())[0].entry, entry.id)
        self.assertEqual(one.sync().state(entry.id), k.EntryState.ON_THIS_PHONE())
        self.assertIn(k.Change(kind=k.ChangeKind.ENTRY, id=entry.id), heard.changes)

        steps = Steps()
        photo = await one.attachments().import_photo(
            entry.id, k.ImportSource.PATH(str(PHOTOS / "cat.jpg")), caption="The cat watched", progress=steps)
        self.assertEqual(steps.seen[-1][0], steps.seen[-1][1])
        picture = one.attachments().read(photo.id, k.Size.DISPLAY)
        self.assertTrue(picture.startswith(b"\xff\xd8\xff"))

        # Ann registers and signs in through the real pages; then the family's log and the first sync go up.
        browser = Browser(self.url, self.mail)
        await asyncio.to_thread(browser.register, "ann@example.org", PASSWORD)
        sign_in = await self.signed_in(one, browser)
        self.assertEqual(sign_in.email, "ann@example.org")
        await one.keys().turn_on_sync()
        report = await one.sync().run(progress=Steps())
        # Beside what was written there is the day of the family log that tells of it.
        self.assertEqual(report.pushed, 5)
        self.assertEqual(report.blobs_up, 2)
        self.assertEqual(one.sync().state(entry.id), k.EntryState.STORED())

        # A second phone joins by the code that the first one shows.
        two = self.phone("phone-2")
        code = await one.keys().invite(far_away=False)
        self.assertEqual(two.keys().scan(code.payload), k.Scanned.INVITE(self.url))
        await self.signed_in(two, browser)
        self.assertEqual(await two.keys().join_state(), k.JoinState.WAITING())
        asked = await one.keys().pending(code.link)
        self.assertEqual(asked.device_name, "phone-2")
        await one.keys().approve(asked, "Ann")
        self.assertEqual(await two.keys().join_state(), k.JoinState.READY())
        steps, stopped = Steps(), k.Cancel()
        stopped.cancel()
        for stop in (two.keys().join_preview(cancel=stopped), two.keys().complete_join([], cancel=stopped)):
            with self.assertRaises(k.KinfolioError.Cancelled):
                await stop
        preview = await two.keys().join_preview(progress=steps)
        self.assertEqual(steps.seen[-1][0], 5)
        self.assertEqual((preview.added_by, sorted(l.nickname for l in preview.learners)), ("phone-1", ["Hedgehog", "Otter"]))
        await two.keys().complete_join([])
        await two.sync().run()
        self.assertEqual(two.entries().get(entry.id).note, entry.note)
        self.assertEqual(two.attachments().read(photo.id, k.Size.DISPLAY), picture)

        # Both write the same note; both sentences stay.
        for client, sentence in ((one, " It rained."), (two, " We stayed.")):
            base = client.entries().get(entry.id)
            client.entries().update(entry.id, k.EntryEdit(base=base, note=base.note + sentence))
        for client in (one, two, one):
            await client.sync().run()
        notes = {client.entries().get(entry.id).note for client in (one, two)}
        self.assertEqual(len(notes), 1)
        for sentence in ("It rained.", "We stayed."):
            self.assertIn(sentence, one.entries().get(entry.id).note)

        # What one phone deletes for good, the other brings back, photo and all.
        two.entries().trash(entry.id)
        two.trash().purge([entry.id], 1)
        for client in (two, one):
            await client.sync().run()
        [gone] = await one.sync().purged()
        self.assertEqual((gone.id, gone.kind, gone.title), (entry.id, k.ChangeKind.ENTRY, "Pond dipping"))
        [back] = await one.sync().bring_back([entry.id])
        for client in (one, two):
            await client.sync().run()
        entry = two.entries().get(back)
        [photo] = two.attachments().list(back)
        self.assertEqual((entry.title, two.attachments().read(photo.id, k.Size.DISPLAY)), ("Pond dipping", picture))

        # Recovery words, confirmed.
        words = one.keys().make_recovery_words()
        self.assertEqual(len(words), 12)
        await one.keys().confirm_recovery(" ".join(words))
        self.assertEqual(one.keys().recovery_state(), k.RecoveryState.SET)
        subscription.stop()

        # One learner's portfolio, with a real name that is given in memory only.
        request = k.PortfolioRequest(
            learner=hedgehog.id, first_day="2026-01-01", last_day="2026-12-31", others=k.Others.NICKNAME, format=k.Format.HTML)
        self.assertEqual(two.export().preview(request).entries, 1)
        path = self.root / "portfolio.html"
        length = await two.export().write_portfolio(request, [k.PrintedName(learner=hedgehog.id, name="Zoë O'Neill")], str(path))
        page = path.read_text()
        self.assertEqual(length, path.stat().st_size)
        self.assertIn("Zoë O", page)
        self.assertIn("Pond dipping", page)
        self.assertIn("drew a newt", page)
        self.assertNotIn("CANARY-OTTER-LINE", page)

    async def test_errors_say_what_the_screen_does_next(self):
        client = self.phone("errors")
        with self.assertRaises(k.KinfolioError.InvalidInput):
            client.learners().add(k.NewLearner(nickname=""))
        with self.assertRaises(k.KinfolioError.NotFound):
            client.entries().get("00" * 16)
        with self.assertRaises(k.KinfolioError.SignInAgain):
            await client.sync().run()
        with self.assertRaises(k.KinfolioError.Offline):
            await client.account().begin("http://127.0.0.1:9", BACK, k.client_desktop())
        for nonsense in ("", "x", "zz" * 16, "\0" * 32, "é" * 16):
            with self.assertRaises(k.KinfolioError.InvalidInput, msg=repr(nonsense)):
                client.entries().get(nonsense)
            with self.assertRaises(k.KinfolioError.InvalidInput, msg=repr(nonsense)):
                await client.keys().pending(nonsense)

    async def test_the_wrong_key_locks_and_leaves_the_store_untouched(self):
        secrets = Secrets()
        client = self.phone("locked", secrets)
        client.learners().add(k.NewLearner(nickname="Vole"))
        client.checkpoint()
        del client
        store = (self.root / "locked" / "kinfolio.db").read_bytes()
        with self.assertRaises(k.KinfolioError.Locked):
            self.phone("locked", Secrets())
        other = Secrets()
        other.kept = {**secrets.kept, "store-key": b"\x07" * 32}
        with self.assertRaises(k.KinfolioError.Locked):
            self.phone("locked", other)
        self.assertEqual((self.root / "locked" / "kinfolio.db").read_bytes(), store)
        self.assertEqual(self.phone("locked", secrets).learners().list()[0].nickname, "Vole")

    async def test_what_the_app_throws_comes_back_as_an_error_without_its_text(self):
        with self.assertRaises(k.KinfolioError.Unexpected) as caught:
            self.phone("broken", BrokenSecrets())
        self.assertNotIn("canary-of-the-keystore", str(caught.exception))

    async def test_the_apps_clock_and_decoder_are_used(self):
        client = self.phone("hosted", images=Decoder(), clock=StandingClock())
        learner = client.learners().add(k.NewLearner(nickname="Newt"))
        entry = client.entries().create(k.EntryDraft(learned_on="2026-05-04", note="n", learners=[k.LearnerLine(learner=learner.id)]))
        self.assertEqual(entry.recorded_at, 1_780_000_000_000)
        source = k.ImportSource.BYTES(b"KINFOLIO-TEST-PICTURE")
        photo = await client.attachments().import_photo(entry.id, source)
        self.assertEqual((photo.width, photo.height), (48, 64), "turned upright")
        with self.assertRaises(k.KinfolioError.InvalidInput):
            await client.attachments().import_photo(entry.id, k.ImportSource.BYTES(b"something else"))
        self.assertEqual(len(client.attachments().list(entry.id)), 1)

    async def test_a_cancelled_import_leaves_nothing(self):
        client = self.phone("cancelled")
        learner = client.learners().add(k.NewLearner(nickname="Newt"))
        entry = client.entries().create(k.EntryDraft(learned_on="2026-05-04", note="n", learners=[k.LearnerLine(learner=learner.id)]))
        cancel = k.Cancel()
        cancel.cancel()
        source = k.ImportSource.PATH(str(PHOTOS / "cat.jpg"))
        with self.assertRaises(k.KinfolioError.Cancelled):
            await client.attachments().import_photo(entry.id, source, cancel=cancel)
        self.assertEqual(client.attachments().list(entry.id), [])
        blobs = self.root / "cancelled" / "blobs"
        self.assertEqual([p for p in blobs.iterdir() if p.is_file()] if blobs.exists() else [], [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
