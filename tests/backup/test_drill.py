"""The drill of docs/operating.md, command by command as it stands there: backup, loss of everything, restore."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from caseapp.cli import main
from caseapp.settings import PROJECT_ROOT

OPERATING = PROJECT_ROOT / "docs" / "operating.md"
PROGRAM = ".venv/bin/caseapp"
pytestmark = pytest.mark.sqlite
Run = Callable[[str], str]


def commands(section: str) -> list[str]:
    """The lines of the first block of commands below this heading."""
    text = OPERATING.read_text(encoding="utf-8")
    found = re.search(rf"^## {section}\n[^#]*?```\n(.*?)```", text, re.DOTALL | re.MULTILINE)
    assert found, section
    return found[1].strip().splitlines()


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a line as it is typed, its folders below the test's; what it said. Asserts that it succeeded."""
    monkeypatch.setenv("CASEAPP_DATA", str(tmp_path / "caseapp"))
    monkeypatch.setenv("CASEAPP_KEYS", str(tmp_path / "caseapp.keys"))

    def running(line: str) -> str:
        program, *words = shlex.split(line)
        assert program == PROGRAM, line
        here = [f"{tmp_path}{word}" if word.startswith(("/srv/", "/media/")) else word for word in words]
        monkeypatch.setattr(sys, "argv", [program, *here])
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        said = capsys.readouterr()
        assert not status, (line, said.err)
        return said.out

    return running


def test_the_documented_drill_brings_back_every_file(run: Run, tmp_path: Path) -> None:
    run(f"{PROGRAM} demo --clients 30")
    before = run(f"{PROGRAM} keys check")
    for line in commands("Backup"):
        run(line)
    for folder in ("caseapp", "caseapp.keys"):
        shutil.rmtree(tmp_path / folder)
    for line in commands("Restore"):
        run(line)
    assert run(f"{PROGRAM} keys check") == before
    assert run(f"{PROGRAM} search a").strip(), "a name of the demo is read again"


def test_the_documented_rotation_runs_as_it_stands_there(run: Run) -> None:
    run(f"{PROGRAM} init")
    run(f'{PROGRAM} org add "Stadt Musterhausen"')
    before = run(f"{PROGRAM} keys check")
    said = {line: run(line) for line in commands("Rotation of keys")}
    kinds = {line.split()[3] for line in said if " rotate " in line}
    assert kinds == {"root", "organisation", "client"}
    assert said[f"{PROGRAM} keys check"] == before, "everything belongs together as it did before"
