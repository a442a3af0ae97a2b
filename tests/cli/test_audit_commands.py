"""`caseapp audit`: what an operator types, and what it says."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, update

from caseapp.audit import AuditBatch, AuditEvent
from tests.cli.conftest import Run
from tests.factories.files import stored_file
from tests.factories.world import World


def test_a_whole_log_is_said_to_be_whole(world: World, run: Run) -> None:
    stored_file(world)
    status, said = run("audit", "verify")
    assert status == 0
    assert "Das Protokoll ist unversehrt." in said


def test_a_migration_takes_over_the_log_of_an_older_version(world: World, run: Run) -> None:
    stored_file(world)
    with world.unscoped(write=True) as unit:
        unit.execute(update(AuditEvent).values(mac=None, detail_digest=None, envelopes=None))
    assert run("audit", "verify")[0] == 1
    assert run("migrate")[0] == 0
    status, said = run("audit", "verify")
    assert status == 0
    assert "übernommen wie vorgefunden" in said
    assert "Uhr" not in said


def test_the_root_and_the_key_of_today_are_one_line_each_and_verify_later(
    world: World, run: Run, tmp_path: Path
) -> None:
    stored_file(world)
    status, key = run("audit", "key")
    assert (status, len(key.split())) == (0, 2)
    status, line = run("audit", "root")
    day, number, root, signature = line.split()
    assert (status, number, len(root), len(signature)) == (0, "1", 64, 128)
    assert day.startswith("20")
    kept = tmp_path / "roots.txt"
    kept.write_text(key + line)
    stored_file(world)
    run("audit", "root")
    assert run("audit", "verify", "--roots", str(kept))[0] == 0


def test_a_missing_tail_against_the_roots_outside_ends_with_an_error(world: World, run: Run, tmp_path: Path) -> None:
    run("audit", "root")
    stored_file(world)
    kept = tmp_path / "roots.txt"
    kept.write_text(run("audit", "root")[1])
    with world.unscoped(write=True) as unit:
        unit.execute(delete(AuditEvent).where(AuditEvent.batch == 2))
        unit.execute(delete(AuditBatch).where(AuditBatch.number == 2))
    status, said = run("audit", "verify", "--roots", str(kept))
    assert status == 1
    assert "Siegel 2 fehlt. Das Ende wurde abgeschnitten." in said


def test_roots_that_are_none_are_refused_with_the_line(run: Run, tmp_path: Path) -> None:
    kept = tmp_path / "roots.txt"
    kept.write_text("2026-11-22 1 zz zz\n")
    status, said = run("audit", "verify", "--roots", str(kept))
    assert (status, said.strip()) == (1, "Zeile 1 der Wurzeln ist nicht lesbar.")


@pytest.mark.parametrize("day", ["gestern", "2026-13-01", ""])
def test_a_day_that_is_none_is_refused(run: Run, day: str) -> None:
    assert run("audit", "prune", "--before", day)[0] == 2


def test_pruning_keeps_what_is_young_and_refuses_the_future(run: Run) -> None:
    assert run("audit", "prune", "--before", "2020-01-01")[1].strip() == "Die Ereignisse von 0 Siegeln sind gelöscht."
    assert run("audit", "prune", "--before", "2999-01-01")[0] == 1


def test_a_lost_signing_key_is_said_by_check_and_mended_by_resume(world: World, run: Run) -> None:
    run("audit", "root")
    (world.services.settings.keys_dir / "audit-signing.json").unlink()
    assert "audit resume" in run("check")[1]
    assert run("audit", "verify")[0] == 1
    assert run("audit", "resume", "--reason", "Platte defekt")[0] == 0
    status, said = run("audit", "verify")
    assert status == 0
    assert "nach einem Bruch" in said
    assert run("audit", "resume", "--reason", "noch einmal")[0] == 1
