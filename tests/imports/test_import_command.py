"""`caseapp import …`: closing lines, exit status, nothing stored without a yes."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from caseapp.cli import cli
from caseapp.errors import CaseappError
from caseapp.imports.rules.tables import read_workbook
from tests.factories.world import World
from tests.imports.making import xlsx
from tests.imports.office import PEOPLE, TALKS, contacts, files


@pytest.fixture
def command(world: World, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A runner for commands on the world's installation."""
    settings = world.services.settings
    monkeypatch.setenv("CASEAPP_DATA", str(settings.data_dir))
    monkeypatch.setenv("CASEAPP_KEYS", str(settings.keys_dir))
    return CliRunner()


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A list of clients with a title, an empty row and a sum."""
    path = tmp_path / "liste.xlsx"
    path.write_bytes(xlsx(("Liste", [("Fallliste Nord",), *PEOPLE, ("",), ("Summe", "", "", "", "4")])))
    return path


def run(command: CliRunner, *arguments: object, answer: str | None = None) -> Result:
    """The finished command."""
    return command.invoke(cli, ["import", *map(str, arguments)], input=answer)


def test_the_closing_lines_are_exact(command: CliRunner, people: Path, world: World) -> None:
    done = run(command, "clients", people, "--as", "maier", "--yes")
    assert done.exit_code == 0
    assert done.output.splitlines()[-2:] == ["rows 4: imported 4, reported 0", "skipped 4 (title, empty, sum)"]
    assert len(files(world)) == 4


def test_a_dry_run_stores_nothing(command: CliRunner, people: Path, world: World) -> None:
    done = run(command, "clients", people, "--as", "maier", "--dry-run")
    assert done.exit_code == 0
    assert "rows 4: imported 4, reported 0" in done.output
    assert "Es wurde nichts gespeichert." in done.output
    assert files(world) == {}


@pytest.mark.parametrize(("answer", "stored"), [("j\n", 4), ("n\n", 0), ("\n", 0), ("", 0)])
def test_without_an_option_it_asks(command: CliRunner, people: Path, world: World, answer: str, stored: int) -> None:
    done = run(command, "clients", people, "--as", "maier", answer=answer)
    assert len(files(world)) == stored
    assert (done.exit_code == 0) is (stored > 0)


def test_a_second_time_every_row_is_reported(command: CliRunner, people: Path, world: World) -> None:
    run(command, "clients", people, "--as", "maier", "--yes")
    again = run(command, "clients", people, "--as", "maier", "--yes")
    assert again.exit_code == 0
    assert "rows 4: imported 0, reported 4" in again.output
    assert len(files(world)) == 4


def test_contacts_say_how_many_wait(command: CliRunner, people: Path, world: World, tmp_path: Path) -> None:
    run(command, "clients", people, "--as", "maier", "--yes")
    talks = tmp_path / "kontakte.xlsx"
    talks.write_bytes(xlsx(("Kontakte", [*TALKS, ("01.02.2026", "Rahimi, Zahre", "Büro", "", "", "", "")])))
    done = run(command, "contacts", talks, "--as", "maier", "--yes")
    assert done.output.splitlines()[-3] == "davon wartet 1 auf Zuordnung"
    assert "rows 5: imported 4, reported 1" in done.output
    assert len(contacts(world)) == 3


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_file_of_rejected_rows_holds_their_cells_and_reasons(
    command: CliRunner, world: World, tmp_path: Path, ending: str
) -> None:
    source, target = tmp_path / "liste.xlsx", tmp_path / f"fehler.{ending}"
    source.write_bytes(xlsx(("Liste", [*PEOPLE, ("", "=1+1", "Syrien", "", "", "", "@SUM(A1)")])))
    done = run(command, "clients", source, "--as", "maier", "--yes", "--errors", target)
    assert "rows 5: imported 4, reported 1" in done.output
    (sheet,) = read_workbook(target.read_bytes(), target.name).sheets
    headings, rejected = sheet.rows[0], sheet.rows[1]
    assert headings[:3] == ("Zeile", "Grund", "Name, Vorname")
    assert rejected[0] in ("6", 6)
    assert "Kein Name gefunden" in str(rejected[1])
    assert str(rejected[3]).endswith("=1+1")
    assert str(rejected[8]).endswith("@SUM(A1)")
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("leer.xlsx", b"", "leer"),
        ("bild.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "keine Tabelle"),
        ("kaputt.xlsx", b"PK\x03\x04kaputt", "beschädigt"),
        ("text.csv", b"nur ein Satz ohne Spalten", "Name"),
    ],
)
def test_files_that_are_no_list_are_refused(
    command: CliRunner, world: World, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = run(command, "clients", path, "--as", "maier", "--yes")
    assert done.exit_code != 0
    assert isinstance(done.exception, CaseappError)
    assert says in str(done.exception)


def test_a_list_of_contacts_is_not_taken_for_people(command: CliRunner, world: World, tmp_path: Path) -> None:
    path = tmp_path / "kontakte.xlsx"
    path.write_bytes(xlsx(("Kontakte", TALKS * 5)))
    done = run(command, "clients", path, "--as", "maier", "--yes")
    assert done.exit_code != 0
    assert "sondern von Kontakten" in str(done.exception)
    assert files(world) == {}


@pytest.mark.parametrize("arguments", [("--as", "admin"), ("--as", "niemand"), (), ("--as", "maier", "--team", "Süd")])
def test_people_who_may_not_import_are_refused(
    command: CliRunner, people: Path, world: World, arguments: tuple[str, ...]
) -> None:
    done = run(command, "clients", people, "--yes", *arguments)
    assert done.exit_code != 0
    assert files(world) == {}


def test_a_path_for_rejected_rows_that_cannot_be_written_stops_the_import(
    command: CliRunner, people: Path, world: World
) -> None:
    done = run(command, "clients", people, "--as", "maier", "--yes", "--errors", "/gibt/es/nicht.xlsx")
    assert done.exit_code != 0
    assert files(world) == {}
