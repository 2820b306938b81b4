"""Five sample documents of one invented year, and a picture of each for docs/documents.

Usage: samples.py BINDINGS_FOLDER FOLDER   (`./dev bindings python BINDINGS_FOLDER` makes the first)
"""
import asyncio
import pathlib
import subprocess
import sys

from phones import PHOTOS, add_photo, k, lines, phone, wait

OUT = pathlib.Path(sys.argv[2])
SPAN = ("2025-09-01", "2026-08-31")
DETAILS = k.ReportDetails(
    name_in_title="Robin Marlow", born="3 March 2018, aged 8", sender="Jo and Sam Marlow\n14 Orchard Lane, Norbury",
    recipient="Elective Home Education\nNorbury County Council", reference="EHE/2018/0412", educated_by="Jo Marlow\nSam Marlow")
ENTRIES = (
    ("Letter to Gran", "2025-10-05", "English", "Bean wrote two lines with help, and drew the stamp.", ()),
    ("Under the microscope", "2025-11-12", "Science", "Bean and Fern looked at the same leaf for an hour.", ("photographer.jpg", "grass.jpg")),
    ("The cat, four times", "2026-03-02", "Art", "Drawing from life. The cat did not mind.", ("cat.jpg",)),
    ("Clover count", "2026-04-14", "Maths", "Ten squares of grass, tallies and a bar chart with both axes labelled.", ("gravel.jpg",)),
    ("Rocket day", "2026-05-09", "Science", "Three tests, changing one thing at a time. The third went over the hedge.", ("rocket.jpg", "astronaut.jpg", "deep-sky.jpg")),
    ("Tea for six", "2026-06-20", "Maths", "Halving a recipe, and then halving it once more.", ("cup.jpg", "bricks.jpg")),
)


def family(folder):
    """Bean's year, with Fern in it."""
    home = phone(folder)
    bean, fern = (home.learners().add(k.NewLearner(nickname=name)) for name in ("Bean", "Fern"))
    subjects = {name: home.subjects().add(name, "").id for name in ("English", "Maths", "Science", "Art")}
    for title, day, subject, note, photos in ENTRIES:
        entry = home.entries().create(k.EntryDraft(
            title=title, learned_on=day, note=note, minutes=60, on_record=True, starred=bool(photos), subjects=[subjects[subject]],
            learners=lines(bean, fern) if "Fern" in note else lines(bean)))
        for photo in photos:
            add_photo(home, entry, k.ImportSource.PATH(str(PHOTOS / photo)), caption=f"{title}, by Bean" if photo == photos[0] else "")
    home.reading().add(k.Reading(title="Charlotte's Web", author="E. B. White", form=k.Form.BOOK, finished_on="2026-04-02"))
    home.goals().add(k.Goal(title="Joined writing, a little each day", state=k.GoalState.OPEN))
    return home, bean


def documents(home, bean):
    """Writes the five."""
    names = [k.PrintedName(learner=bean.id, name="Robin")]
    for file, more in (("portfolio.pdf", {"format": k.Format.PDF, "hours": True}), ("book.pdf", {"format": k.Format.PDF, "paper": k.Paper.BOOK}),
                       ("portfolio.html", {"format": k.Format.HTML})):
        request = k.PortfolioRequest(learner=bean.id, first_day=SPAN[0], last_day=SPAN[1], others=k.Others.SIBLING, **more)
        asyncio.run(wait(lambda: home.export().write_portfolio(request, names, str(OUT / file))))
    room = home.reports()
    for file, form, format in (("report.pdf", k.ReportForm.ENGLAND, k.Format.PDF), ("missouri.docx", k.ReportForm.MISSOURI, k.Format.DOCX)):
        report = room.begin(form, bean.id, *SPAN)
        request = k.ReportRequest(report=report.id, dated="2026-09-14", others=k.Others.SIBLING, format=format)
        asyncio.run(wait(lambda: room.write(request, DETAILS, names, str(OUT / file))))


def pictures():
    """One page of each, as a newcomer would see it."""
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(OUT), str(OUT / "missouri.docx")], check=True, capture_output=True)
    for name, page in (("portfolio", 4), ("book", 4), ("report", 1), ("missouri", 1)):
        subprocess.run(["pdftoppm", "-r", "64", "-png", "-singlefile", "-f", str(page), str(OUT / f"{name}.pdf"), str(OUT / name)], check=True)
    subprocess.run(["chromium", "--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=412,900", f"--user-data-dir={OUT}/profile",
                    f"--screenshot={OUT}/browser.png", (OUT / "portfolio.html").as_uri()], check=True, capture_output=True)


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    documents(*family(OUT / "phone"))
    pictures()
    print(f"documents and pictures are in {OUT}")
