"""Phones of a family, and what is put onto them. The folder of the bindings is the first word on the command line."""
import asyncio
import datetime
import io
import json
import pathlib
import struct
import sys
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
