"""The sealer beside writers: killed at any moment, overtaken by late commits, looked at while it works."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from caseapp import audit
from caseapp.audit.models import AuditEvent
from tests.factories.bare import bare_file
from tests.factories.files import stored_file
from tests.factories.world import World

_SEALER = """
import sys
from pathlib import Path
from caseapp import audit, schema
from caseapp.factory import open_services
from tests.factories.world import settings_in
schema.data_metadata()
services = open_services(settings_in(Path(sys.argv[1])))
print("ready", flush=True)
while True:
    audit.seal_pending(services.database)
"""


def start_sealer(world: World) -> subprocess.Popen[bytes]:
    folder = world.services.settings.data_dir.parent
    started = subprocess.Popen([sys.executable, "-c", _SEALER, str(folder)], stdout=subprocess.PIPE)
    assert started.stdout
    assert started.stdout.readline() == b"ready\n"
    return started


def write_for(world: World, seconds: float) -> int:
    """Small transactions until the time is over; how many."""
    until, number = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        with world.unit("maier", write=True):
            audit.record("test:written", detail=audit.Detail(count=number))
        number += 1
        time.sleep(0.01)  # SQLite lets in whoever asks at the right moment
    return number


@pytest.mark.sqlite
def test_a_sealer_that_is_killed_again_and_again_loses_and_doubles_nothing(world: World) -> None:
    written = 0
    for kill in range(5):
        sealer = start_sealer(world)
        written += write_for(world, 0.8 + 0.037 * kill)
        sealer.kill()
        sealer.wait()
        assert audit.verify(world.services.database).problems == []
    audit.seal_pending(world.services.database)
    report = audit.verify(world.services.database)
    assert (report.problems, report.waiting) == ([], 0)
    assert report.batches > 2
    with world.unscoped() as unit:
        kept = unit.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.action == "test:written"))
    assert kept == written


@pytest.fixture
def sealing(world: World) -> Iterator[threading.Event]:
    """A sealer in this process, until the event is set."""
    end = threading.Event()

    def work() -> None:
        while not end.is_set():
            audit.seal_pending(world.services.database)

    thread = threading.Thread(target=work)
    thread.start()
    yield end
    end.set()
    thread.join()


def test_verifying_while_the_sealer_works_raises_no_false_alarm(world: World, sealing: threading.Event) -> None:
    for _round in range(12):
        write_for(world, 0.05)
        stored_file(world)
        assert audit.verify(world.services.database).problems == []
        assert list(audit.problems(world.services.database)) == []


def test_a_transaction_that_commits_after_a_later_one_was_sealed_is_not_lost(world: World, world_on: str) -> None:
    if world_on == "sqlite":
        pytest.skip("one writer at a time: nothing commits late")
    with world.unit("fremd", write=True):
        late = bare_file(world, "fremd").id
        audit.record("test:late", client_id=late)
        sealed: list[int] = []

        def other() -> None:
            with world.unit("maier", write=True):
                bare_file(world)
                audit.record("test:early")
            sealed.append(audit.seal_pending(world.services.database))

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert sealed[0] > 0
    assert audit.seal_pending(world.services.database) >= 1
    report = audit.verify(world.services.database)
    assert (report.problems, report.waiting) == ([], 0)
    with world.unscoped() as unit:
        batches = dict(
            unit.execute(
                select(AuditEvent.action, AuditEvent.batch).where(AuditEvent.action.in_(["test:late", "test:early"]))
            ).all()
        )
    assert batches["test:late"] > batches["test:early"]


def test_the_job_process_seals_and_keeps_one_root_a_day(world: World, tmp_path: Path) -> None:
    roots = tmp_path / "roots.txt"
    keep = audit.SealKeeper(world.services.database, roots)
    stored_file(world)
    keep()
    [line] = roots.read_text().splitlines()
    stored_file(world)
    keep()
    assert roots.read_text().splitlines() == [line]
    outside = audit.read_outside([line])
    assert audit.verify(world.services.database, outside).problems == []
    assert audit.verify(world.services.database).waiting == 0
