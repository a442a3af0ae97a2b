"""The pages of reports by role: what a ministry reads, and that nobody reads more than was released."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from bench.district import counting
from caseapp.reporting.models import Answer, MemoryBox, PackageBox, Proof, Report, ReportFacts, ReportState
from caseapp.reporting.rules.package import freeze_package
from caseapp.reporting.views import shelf
from tests.factories.browser import Browser
from tests.factories.packages import YEARS, history, package
from tests.factories.world import World
from tests.reporting.shelved import noted, stored

KREIS = "08117"


@pytest.fixture
def releases(world: World) -> list[UUID]:
    """Five quarters of a Kreis, released."""
    shelf.forget()
    return stored(world, history(KREIS, clients=1_500))


def draft_of(world: World) -> UUID:
    """A draft that somebody works on."""
    with world.unscoped(write=True) as unit:
        row = Report(
            scope=KREIS,
            period="2026-Q4",
            funding_period="2025-2027",
            state=ReportState.DRAFT.value,
            digest="d" * 64,
            package=PackageBox(frozen=freeze_package(package(KREIS, clients=1_500))),
            memory=MemoryBox(),
            facts=ReportFacts(),
            answer=Answer(),
            proof=Proof(),
        )
        unit.add(row)
        return row.id


def cells(text: str, of: str) -> list[list[str]]:
    """The rows of the table whose caption holds `of`, as texts."""
    table = next(each for each in re.findall(r"<table.*?</table>", text, re.DOTALL) if of in each)
    rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
    parts = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]
    return [[re.sub(r"<[^>]*>", "", cell).strip() for cell in row] for row in parts]


@pytest.mark.parametrize(
    ("login", "status"),
    [("maier", 200), ("leitung", 200), ("koord", 200), ("foerder", 200), ("dsb", 200), ("fremd", 200), ("admin", 403)],
)
def test_released_reports_are_read_by_all_but_those_who_keep_the_machine(
    world: World, releases: list[UUID], login: str, status: int
) -> None:
    browser = Browser(world, login)
    assert browser.get("/berichte").status_code == status
    assert browser.get(f"/berichte/{releases[-1]}").status_code == status


def test_a_draft_is_as_missing_to_its_readers_as_a_report_that_does_not_exist(world: World) -> None:
    draft = draft_of(world)
    for login in ("foerder", "dsb", "maier", "leitung"):
        browser = Browser(world, login)
        assert "4. Quartal 2026" not in browser.get("/berichte").text.partition("<main")[2].partition("</main>")[0]
        assert browser.get(f"/berichte/{draft}").status_code == 404
        assert browser.get(f"/berichte/{uuid4()}").status_code == 404


def test_the_list_shows_periods_in_words_the_newest_first(world: World, releases: list[UUID]) -> None:
    text = Browser(world, "foerder").get("/berichte").text
    found = re.findall(r"\d\. Quartal \d{4}", text)
    assert found == ["3. Quartal 2026", "2. Quartal 2026", "1. Quartal 2026", "4. Quartal 2025", "3. Quartal 2025"]
    assert f"/berichte/{releases[-1]}" in text


def test_without_a_release_the_list_says_so(world: World) -> None:
    assert "Noch kein Bericht freigegeben" in Browser(world, "dsb").get("/berichte").text


def test_the_report_says_what_a_ministry_needs_with_its_uncertainty(world: World, releases: list[UUID]) -> None:
    noted(world, releases[-1], "Zwölf Gespräche kamen zu spät; sie zählen im nächsten Zeitraum.")
    text = Browser(world, "foerder").get(f"/berichte/{releases[-1]}").text
    released = history(KREIS, clients=1_500)[-1]
    for sentence in released.package.sentences:
        assert sentence in text
    for said in (
        "± höchstens 4",
        "unverändert (im Rahmen der Rundung)",
        "Was daraus wurde",
        "Verlauf, nie Wirkung",
        "Noch kein Anteil: Von zu wenigen ist bekannt, was wurde.",
        "auf 5 gerundet, die Abweichung je Wert beträgt höchstens 4",
        "Verein Brücke",
        "nicht bestätigt",
        "bestätigt am 09.09.2026",
        "Zwölf Gespräche kamen zu spät",
        released.digest,
        released.signature,
        released.package.number,
    ):
        assert said in text, said
    for kind in ("pdf", "xlsx", "csv", "json"):
        assert f"/berichte/{releases[-1]}/{kind}" in text


def test_a_first_release_has_nothing_to_be_compared_with(world: World, releases: list[UUID]) -> None:
    text = Browser(world, "foerder").get(f"/berichte/{releases[0]}").text
    assert "Kein Vergleich: Es gibt keinen früheren Wert." in text
    assert "mehr als" not in text
    assert "weniger als" not in text.replace("weniger als 10 Personen", "")


def test_every_picture_has_a_title_a_description_and_its_numbers_in_a_table(world: World, releases: list[UUID]) -> None:
    text = Browser(world, "foerder").get(f"/berichte/{releases[-1]}?bild=i3.I3").text
    pictures = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(pictures) >= 3
    for picture in pictures:
        name = re.search(r'aria-labelledby="(\S+)-t', picture)
        assert name is not None
        assert f'<title id="{name[1]}-t">' in picture
        assert re.search(rf'<desc id="{name[1]}-d">[^<]*\d\. Quartal', picture)
    assert text.count("Zahlen als Tabelle") >= 4
    assert 'style="' not in text


def test_a_table_is_chosen_and_sorted_by_links_and_its_sums_hold(world: World, releases: list[UUID]) -> None:
    browser = Browser(world, "foerder")
    path = f"/berichte/{releases[-1]}?tabelle=i1.2026-Q3.topic.sex"
    rows = cells(browser.get(path).text, "Hauptthema × Geschlecht")
    head, whole, *topics = rows
    assert head == ["Hauptthema", "weiblich", "männlich", "Insgesamt"]
    numbers = [[int(each.replace(".", "")) for each in row[1:]] for row in topics]
    total = [int(each.replace(".", "")) for each in whole[1:]]
    assert [sum(column) for column in zip(*numbers, strict=True)] == total
    assert all(row[0] + row[1] == row[2] for row in numbers)
    down = cells(browser.get(f"{path}&sortierung=W&richtung=ab").text, "Hauptthema × Geschlecht")
    up = cells(browser.get(f"{path}&sortierung=W&richtung=auf").text, "Hauptthema × Geschlecht")
    assert down[1] == up[1] == whole
    assert [row[1] for row in down[2:]] == [str(each) for each in sorted((row[0] for row in numbers), reverse=True)]
    assert [row[1] for row in up[2:]] == [str(each) for each in sorted(row[0] for row in numbers)]
    assert 'aria-sort="descending"' in browser.get(f"{path}&sortierung=W&richtung=ab").text


@pytest.mark.parametrize(
    "asked",
    [
        "tabelle=gibtesnicht",
        "gebiet=99999",
        "bild=%3Cscript%3E",
        "sortierung='%22%3E%3Cscript%3E&richtung=seitwärts",
        "tabelle=i1.2026-Q3.topic&gebiet=08&sortierung=" + "x" * 500,
    ],
)
def test_a_choice_that_does_not_exist_shows_the_first_one(world: World, releases: list[UUID], asked: str) -> None:
    page = Browser(world, "foerder").get(f"/berichte/{releases[-1]}?{asked}")
    assert page.status_code == 200
    assert "Beratene Personen: Hauptthema · Göppingen" in page.text
    assert "<script>" not in page.text.partition("<main")[2]


def test_a_year_shows_municipalities_and_counts_those_that_stand_together(world: World) -> None:
    shelf.forget()
    released = history(KREIS, YEARS, clients=1_500)
    ids = stored(world, released)
    text = Browser(world, "foerder").get(f"/berichte/{ids[-1]}").text
    assert "Gemeinde für Gemeinde" in text
    assert "Göppingen" in text
    together = [area for area in released[-1].package.areas if area.members]
    assert together
    assert f"übrige Gemeinden ({len(together[0].members)})" in text
    # Sensitive classes have no cell of their own there.
    assert "in Gemeinden nicht einzeln gezeigt" in text


def test_a_page_read_again_opens_no_package_and_asks_no_more_for_more_releases(world: World) -> None:
    shelf.forget()
    made = history(KREIS, clients=1_500)
    first = stored(world, made[:2])
    browser = Browser(world, "foerder")
    browser.get(f"/berichte/{first[-1]}")
    with counting(world.services) as few:
        browser.get(f"/berichte/{first[-1]}")
    more = stored(world, made[2:])
    browser.get(f"/berichte/{more[-1]}")
    with counting(world.services) as many:
        browser.get(f"/berichte/{more[-1]}")
    assert len(few) == len(many) <= 6
    assert not any("report.package," in statement for statement in map(str, many))


def test_the_shelf_keeps_no_more_than_it_may() -> None:
    kept: shelf.Shelf[int, int] = shelf.Shelf(3)
    made: list[int] = []

    def get(number: int) -> int:
        return kept.get(number, lambda: made.append(number) or number)  # type: ignore[func-returns-value]

    assert [get(number) for number in (1, 2, 3, 1, 4, 1, 2)] == [1, 2, 3, 1, 4, 1, 2]
    assert made == [1, 2, 3, 4, 2]
