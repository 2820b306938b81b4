"""A store of the foundation opens in today's app, with every byte of content equal.

Usage: upgrade.py BINDINGS_FOLDER   (`./dev test` does)
"""
import enum
import hashlib
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, sys.argv[1])
import kinfolio as k  # noqa: E402  (generated into the folder named on the command line)

MADE = pathlib.Path(__file__).parent.parent.parent / "fixtures" / "foundation"


class Secrets(k.SecretStore):
    """The keystore as it was."""

    def __init__(self):
        self.kept = {name: bytes.fromhex(secret) for name, secret in json.loads((MADE / "secrets.json").read_text()).items()}

    def load(self, name):
        return self.kept.get(name)

    def save(self, name, secret):
        self.kept[name] = secret


def plain(thing):
    """As content.json tells it: fields by name, choices by theirs."""
    if isinstance(thing, (str, int, bool, type(None))):
        return thing
    if isinstance(thing, (list, tuple)):
        return [plain(one) for one in thing]
    if isinstance(thing, enum.Enum):
        return thing.name
    return {name: plain(value) for name, value in vars(thing).items()}


class Upgrade(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.store = pathlib.Path(self.folder.name) / "store"
        shutil.copytree(MADE, self.store, ignore=shutil.ignore_patterns("*.json", "README.md"))
        self.secrets = Secrets()
        self.told = json.loads((MADE / "content.json").read_text())

    def open(self):
        return k.Client.open(folder=str(self.store), device_name="another name", secrets=self.secrets)

    def same(self, was, now):
        """Everything that the foundation told is told again; what came later may stand beside it."""
        self.assertEqual([one["id"] for one in was], [one["id"] for one in now])
        for before, after in zip(was, now):
            self.assertEqual(before, {name: after[name] for name in before})

    def check(self, client):
        self.same(self.told["learners"], plain(client.learners().list()))
        self.same(self.told["subjects"], plain(client.subjects().list()))
        entries = client.entries().timeline(k.TimelineQuery(include_drafts=True, limit=500)).entries
        self.same(self.told["entries"], plain(entries + client.entries().trashed()))
        self.assertEqual(len(entries), 14)
        attachments = [found for entry in entries for found in client.attachments().list(entry.id)]
        self.same(self.told["attachments"], plain(attachments))
        for found, files in self.told["files"].items():
            for size, digest in files.items():
                self.assertEqual(hashlib.sha256(client.attachments().read(found, k.Size[size])).hexdigest(), digest)
        for name, value in self.told["family"].items():
            self.assertEqual(plain(client.keys().place())[name], value)

    def test_every_byte_of_content_is_equal_and_stays_so(self):
        self.check(self.open())
        self.check(self.open())

    def test_what_came_later_works_on_it(self):
        client = self.open()
        hedgehog, zoe, _ = client.learners().list()
        query = k.CoverageQuery(learner=hedgehog.id, first_day="2025-01-01", last_day="2026-12-31", span=k.Span.WHOLE)
        totals = client.coverage().coverage(query).totals
        # Twelve entries of 0, 7, 14 … 77 minutes, and 90 at the pond.
        self.assertEqual((totals.entries, totals.minutes, totals.days), (13, 7 * sum(range(12)) + 90, 13))
        self.assertEqual([hit.title for hit in client.find().search("tres boatm", k.TimelineQuery()).entries], ["Pond dipping"])
        self.assertEqual(client.find().search("a cat by a pond", k.TimelineQuery()).entries[0].place, k.Where.ATTACHMENT)
        with_photo = client.entries().timeline(k.TimelineQuery(with_photo=True)).entries
        self.assertEqual([entry.title for entry in with_photo], ["Pond dipping"])
        book = client.reading().add(k.Reading(title="Rivers", form=k.Form.BOOK, learners=[zoe.id]))
        before = self.told["entries"][0]
        entry = client.entries().get(before["id"])
        client.entries().update(entry.id, k.EntryEdit(base=entry, note=entry.note + " Typed later."))
        again = self.open()
        self.assertEqual(again.entries().get(entry.id).note, before["note"] + " Typed later.")
        self.assertEqual(again.reading().list(k.Look())[0].id, book.id)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
