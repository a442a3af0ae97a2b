"""Whatever a command is given, it answers with German words and an exit status, never with a traceback."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from caseapp.cli import refusals
from tests.cli.conftest import Run
from tests.factories.world import World

BIG = "x" * 1_000_000
NO_UTF8 = "\udcff\udcfe"  # how Python hands on bytes that are no UTF-8
GRANT = ("user", "grant", "--login", "koord", "--org", "Musterhausen", "--role", "funder")
ADD = ("user", "add", "Nora Neu", "--login", "nora", "--org", "Musterhausen")
READS_OR_WRITES = (
    ("search", "x", "--as", "maier"),
    ("org", "add", "Neu"),
    ("team", "add", "Neu", "--org", "Musterhausen"),
    (*ADD, "--role", "caseworker"),
    GRANT,
    ("caseload", "rebuild"),
    ("import", "clients", "{list}", "--as", "maier", "--yes"),
    ("init",),
    ("migrate",),
    ("demo", "--clients", "3"),
    ("check",),
)
ENGLISH = ("Error", "No such", "Missing", "Invalid", "unexpected", "Usage", "Traceback", "sqlite3", "Errno")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "liste.csv"
    path.write_text("Name;Vorname\nRahimi;Amal\n", encoding="utf-8")
    return path


def assert_refused(answer: tuple[int, str], message: str = "") -> None:
    """The command ended with a status of its own and German words, `message` among them."""
    status, said = answer
    assert status in {1, 2}, said
    assert message in said
    assert said.strip()
    assert not [word for word in ENGLISH if word in said], said
    assert len(said) < 1500, "what was given is not sent back whole"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nix",), "„nix“ gibt es hier nicht"),
        (("--nix",), "„--nix“ gibt es hier nicht"),
        ((BIG,), "gibt es hier nicht"),
        (("user", "nix"), "„nix“ gibt es hier nicht"),
        (("search", "x", "--nix"), "„--nix“ gibt es hier nicht"),
        (("search",), "Es fehlt: TEXT"),
        (("search", "x", "y"), "zu viele Angaben"),
        (("search", "x", "--as"), "--as braucht einen Wert"),
        (("import", "clients"), "Es fehlt: FILE"),
        (("team", "add", "X"), "Es fehlt: --org"),
        ((*ADD, "--role", "king"), "Möglich sind: caseworker, lead"),
        (("demo",), "--clients"),
        (("demo", "--clients", "0"), "Möglich sind ganze Zahlen von 1 bis 5000000"),
        (("demo", "--clients", "viele"), "Möglich sind ganze Zahlen"),
        (("demo", "--clients", "3", "--seed", "x"), "Möglich sind ganze Zahlen."),
        (("demo", "--clients", "3", "--scope", "x"), "Möglich sind: district, state"),
        (("demo", "--clients", "3"), "keine Demo"),
        (("caseload", "rebuild", "x"), "zu viele Angaben"),
        (("check", "x"), "zu viele Angaben"),
        (("init", "x"), "zu viele Angaben"),
        (("serve", "--host", ""), "127.0.0.1"),
    ],
)
def test_a_command_that_is_not_understood_is_refused_in_german(
    run: Run, arguments: tuple[str, ...], message: str
) -> None:
    assert_refused(run(*arguments), message)


@pytest.mark.parametrize(
    ("text", "login", "message"),
    [
        ("", "maier", "1 bis 200 Zeichen"),
        (" \t", "maier", "1 bis 200 Zeichen"),
        (BIG, "maier", "1 bis 200 Zeichen"),
        (NO_UTF8, "maier", "kein UTF-8"),
        ("x", "niemand", "Dieses Konto gibt es nicht"),
        ("x", BIG, "Dieses Konto gibt es nicht"),
        ("x", "a\0b", "Dieses Konto gibt es nicht"),
        ("x", "", "--as ANMELDENAME"),
        ("x", NO_UTF8, "kein UTF-8"),
        ("x", "admin", "darf keine Personen suchen"),
    ],
)
def test_a_search_refuses_what_it_cannot_look_for(run: Run, text: str, login: str, message: str) -> None:
    assert_refused(run("search", text, "--as", login), message)


def test_a_person_of_another_carrier_finds_nobody_of_this_one(run: Run, world: World, table: Path) -> None:
    assert run("import", "clients", str(table), "--as", "maier", "--yes")[0] == 0
    assert "Rahimi" in run("search", "Rahimi", "--as", "maier")[1]
    assert "Rahimi" not in run("search", "Rahimi", "--as", "fremd")[1]


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("/nirgends/liste.csv", "gibt es nicht"),
        ("/tmp", "ist ein Ordner"),  # noqa: S108  any folder will do
        ("", "ist ein Ordner"),
        ("/dev/zero", "gibt es nicht"),
        ("x" * 5000, "lässt sich nicht lesen"),
        (NO_UTF8, "gibt es nicht"),
        ("a\0b", "nicht geklappt"),
    ],
)
def test_an_import_refuses_what_is_no_file(run: Run, file: str, message: str) -> None:
    status, said = run("import", "clients", file, "--as", "maier", "--yes")
    assert status == 1
    assert message in said
    assert "Traceback" not in said


@pytest.mark.parametrize("content", [b"", os.urandom(4000), b"PK\x03\x04" + os.urandom(500), b"\0" * 4000])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods", "xls"])
def test_an_import_refuses_a_file_that_is_no_list(run: Run, tmp_path: Path, content: bytes, ending: str) -> None:
    path = tmp_path / f"liste.{ending}"
    path.write_bytes(content)
    assert_refused(run("import", "clients", str(path), "--as", "maier", "--yes"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--as", "admin", "--dry-run"), "darf keine Listen importieren"),
        (("--as", "niemand", "--dry-run"), "Dieses Konto gibt es nicht"),
        (("--as", "maier", "--team", "West", "--dry-run"), "In dieses Team"),
        (("--as", "maier", "--team", BIG, "--dry-run"), "In dieses Team"),
        (("--as", "maier", "--team", "", "--dry-run"), "In dieses Team"),
        (("--as", "maier", "--dry-run", "--yes"), "nicht beides"),
        (("--as", "maier", "--errors", "/tmp", "--dry-run"), "lässt sich nicht schreiben"),  # noqa: S108
        (("--as", "maier", "--errors", "/nirgends/e.csv", "--yes"), "lässt sich nicht schreiben"),
        (("--as", "maier", "--errors", "x" * 5000, "--yes"), "lässt sich nicht schreiben"),
    ],
)
def test_an_import_with_wrong_options_stores_nothing(
    run: Run, table: Path, options: tuple[str, ...], message: str
) -> None:
    assert_refused(run("import", "clients", str(table), *options), message)
    assert "Rahimi" not in run("search", "Rahimi", "--as", "maier")[1]


@pytest.mark.parametrize("name", ["", " ", "\0", "Zwei\nZeilen", BIG, NO_UTF8, "\x1b[2J"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("org", "add", "{}"),
        ("team", "add", "{}", "--org", "Musterhausen"),
        ("team", "add", "Neu", "--org", "{}"),
        ("user", "add", "{}", "--login", "nora", "--org", "Musterhausen", "--role", "lead"),
        ("user", "add", "Nora Neu", "--login", "{}", "--org", "Musterhausen", "--role", "lead"),
        ("user", "grant", "--login", "{}", "--org", "Musterhausen", "--role", "lead"),
        ("org", "add", "Neu", "--ags", "{}"),
        ("org", "add", "Neu", "--kind", "{}"),
    ],
)
def test_what_is_no_name_is_refused_everywhere(run: Run, arguments: tuple[str, ...], name: str) -> None:
    if not name and arguments[-2] in {"--ags", "--kind"}:
        pytest.skip("may be left out")
    assert_refused(run(*(part.format(name) for part in arguments)))


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        (("--role", "admin", "--role", "caseworker"), "darf nicht dieselbe Person haben"),
        (("--role", "admin", "--team", "Nord"), "immer für den ganzen Träger"),
        (("--role", "caseworker", "--professional-lead"), "gehört zur Rolle „Teamleitung“"),
        (("--role", "guest"), "können Sie nicht vergeben"),
    ],
)
def test_a_new_account_gets_no_roles_that_exclude_each_other(run: Run, roles: tuple[str, ...], message: str) -> None:
    assert_refused(run(*ADD, *roles), message)
    assert run(*ADD, "--role", "caseworker")[0] == 0, "the refused account was not stored"


def noise(path: Path) -> None:
    path.write_bytes(os.urandom(20_000))


def torn(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:30_000])


def overwritten(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 : len(content) // 2] = os.urandom(len(content) // 2 - 4096)
    path.write_bytes(content)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("database", "damage"),
    [(name, damage) for name in ("caseapp.db", "keystore.db") for damage in (noise, a_folder)]
    + [("caseapp.db", torn), ("caseapp.db", overwritten)],
)
def test_a_damaged_database_is_refused_by_every_command(
    run: Run, world: World, table: Path, damage: Callable[[Path], None], database: str
) -> None:
    world.close()
    path = world.services.settings.data_dir / database
    for beside in path.parent.glob(f"{database}-*"):
        beside.unlink()
    damage(path)
    for arguments in READS_OR_WRITES:
        assert_refused(run(*(part.format(list=table) for part in arguments)))


@pytest.mark.parametrize("lost", ["root.key", "ring.json"])
def test_without_keys_every_command_refuses(run: Run, world: World, table: Path, lost: str) -> None:
    (world.services.settings.keys_dir / lost).unlink()
    for arguments in READS_OR_WRITES:
        assert_refused(run(*(part.format(list=table) for part in arguments)), "icherung")


@pytest.mark.sqlite
@pytest.mark.parametrize("lost", ["caseapp.db", "keystore.db"])
def test_a_lost_database_is_never_set_up_anew_beside_the_other(run: Run, world: World, table: Path, lost: str) -> None:
    assert run("import", "clients", str(table), "--as", "maier", "--yes")[0] == 0
    world.close()
    for beside in world.services.settings.data_dir.glob(f"{lost}*"):
        beside.unlink()
    for arguments in READS_OR_WRITES:
        assert_refused(run(*(part.format(list=table) for part in arguments)))


@pytest.mark.sqlite
def test_an_empty_folder_is_not_migrated_but_set_up(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CASEAPP_DATA", str(tmp_path / "neu"))
    monkeypatch.setenv("CASEAPP_KEYS", str(tmp_path / "neu.keys"))
    assert_refused(run("migrate"), "caseapp init")
    assert run("init")[0] == 0
    (tmp_path / "neu" / "caseapp.db").unlink()
    assert_refused(run("migrate"), "caseapp init")
    assert run("init")[0] == 0, "an interrupted set-up can be repeated: there are no files of clients yet"


@pytest.mark.sqlite
def test_a_database_that_can_only_be_read_is_refused(
    run: Run, world: World, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.close()
    path = world.services.settings.data_dir / "caseapp.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///file:{path}?mode=ro&uri=true")
    for arguments in READS_OR_WRITES:
        if arguments not in {("init",), ("migrate",)}:  # there is nothing for them to write
            assert_refused(run(*(part.format(list=table) for part in arguments)))


@pytest.mark.parametrize("place", ["CASEAPP_DATA", "CASEAPP_KEYS"])
def test_a_file_in_place_of_a_folder_is_refused(
    run: Run, table: Path, tmp_path: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(place, str(table))
    for arguments in READS_OR_WRITES:
        assert_refused(run(*(part.format(list=table) for part in arguments)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "abc"),
        ("PORT", "99999"),
        ("DATABASE_URL", "nix"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "postgresql://x:y/z"),
        ("DATABASE_URL", "postgresql://127.0.0.1:1/z"),
        ("KEYSTORE_URL", "sqlite:////nirgends/da.db"),
        ("CASEAPP_PUBLIC_URL", "http://example.org"),
    ],
)
def test_a_wrong_setting_is_refused(run: Run, name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    for arguments in (("check",), ("search", "x", "--as", "maier"), ("init",), GRANT):
        assert_refused(run(*arguments))


def test_an_error_that_nobody_expected_tells_its_place_and_not_its_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert refusals.tell(KeyError("Rahimi")) == 1
    said = capsys.readouterr().err
    assert "unerwarteter Fehler" in said
    assert "Rahimi" not in said


def test_a_full_or_locked_folder_is_named(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied", str(tmp_path / "neu"))

    monkeypatch.setattr(Path, "mkdir", refuse)
    monkeypatch.setenv("CASEAPP_DATA", str(tmp_path / "neu"))
    monkeypatch.setenv("CASEAPP_KEYS", str(tmp_path / "neu.keys"))
    assert_refused(run("init"), "lässt sich nicht zugreifen")
    shutil.rmtree(tmp_path / "neu", ignore_errors=True)
