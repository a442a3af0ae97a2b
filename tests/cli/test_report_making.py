"""`caseapp report confirm`, `build`, `check`, `release`, `key`: the same people and refusals as on the pages."""

from __future__ import annotations

import pytest

from caseapp.reporting import queries
from tests.cli.conftest import Run
from tests.factories.world import World
from tests.reporting.offices import FIRST, prepare

PERIOD = ("--period", str(FIRST))


@pytest.mark.parametrize("command", ["confirm", "build", "check", "release"])
def test_nothing_happens_without_a_person_or_a_period(run: Run, command: str) -> None:
    status, said = run("report", command, *PERIOD)
    assert (status, "--as" in said, said.count("\n")) == (1, True, 1)
    status, said = run("report", command, "--period", "2026-Q5", "--as", "koord")
    assert (status, said) == (1, "Das ist kein Zeitraum. Schreiben Sie 2026-Q3 oder 2026.\n")


def test_two_people_make_a_report_at_the_console(world: World, run: Run) -> None:
    prepare(world, people=12)
    status, said = run("report", "build", *PERIOD, "--as", "bau")
    assert (status, said) == (1, "Noch nicht als vollständig bestätigt: Fremdstadt, Musterhausen.\n")
    assert run("report", "build", *PERIOD, "--as", "maier")[0] == 1
    assert run("report", "confirm", *PERIOD, "--as", "haupt") == (
        0,
        "Musterhausen: 2. Quartal 2026 ist bestätigt.\n",
    )
    assert run("report", "confirm", *PERIOD, "--as", "fremdhaupt")[0] == 0
    status, said = run("report", "confirm", *PERIOD, "--as", "bau")
    assert (status, said) == (1, "Das bestätigt die Leitung des Trägers.\n")
    assert run("report", "build", *PERIOD, "--as", "bau") == (0, "Entwurf 08117-2026-Q2 ist gebaut.\n")

    status, said = run("report", "check", *PERIOD, "--as", "pruef")
    assert status == 0
    assert "größte Abweichung" in said
    assert "I1   " in said
    status, said = run("report", "check", *PERIOD, "--as", "bau", "--confirm")
    assert (status, "prüft ihn nicht selbst" in said) == (1, True)
    assert run("report", "release", *PERIOD, "--as", "pruef")[0] == 1
    assert run("report", "check", *PERIOD, "--as", "pruef", "--confirm")[0] == 0
    status, said = run("report", "release", *PERIOD, "--as", "bau")
    assert (status, "gibt ihn nicht frei" in said) == (1, True)
    status, said = run("report", "release", *PERIOD, "--as", "pruef")
    assert status == 0, said
    with world.unscoped():
        (release,) = queries.list_releases()
        assert release.digest in said
        key = release.proof.public_key
    assert run("report", "key") == (0, key + "\n")
    status, said = run("report", "release", *PERIOD, "--as", "pruef")
    assert (status, said) == (1, "Bericht 08117-2026-Q2 ist schon freigegeben.\n")
