"""Erasures whose process is killed at any moment, without a chance to tidy up."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
import time

import pytest
from sqlalchemy import select

from caseapp.audit import seal_pending, verify
from caseapp.clients.models import Client
from caseapp.privacy.models import Erasure, ErasureStep
from tests.factories.files import stored_file
from tests.factories.world import World
from tests.keystore.killing import killed_at
from tests.privacy.making import decided, rows_of

pytestmark = pytest.mark.sqlite
_KILLS = 20
_STEPS = 400  # more than an erasure has: statements to both databases, commits, files


def command(world: World, *arguments: str) -> subprocess.Popen[bytes]:
    """`caseapp erase` on this world, in a process of its own."""
    settings = world.services.settings
    environment = {**os.environ, "CASEAPP_DATA": str(settings.data_dir), "CASEAPP_KEYS": str(settings.keys_dir)}
    return subprocess.Popen(
        [sys.executable, "-m", "caseapp.cli", "erase", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _kill_at_every(world: World, stride: int) -> int:
    """Erase one file after the other, each killed that many steps later, then finished; how many were killed."""
    settings = world.services.settings
    for killed, step in enumerate(range(0, _STEPS, stride)):
        client_id = stored_file(world, "maier")
        erasure_id = decided(world, client_id)
        world.services.database.dispose()
        world.services.keystore.dispose()
        if not killed_at(settings, step, lambda opened, each=erasure_id: opened.eraser().run(None, each)):
            return killed
        world.services.eraser().resume(older_than=dt.timedelta(0))
        with world.unscoped() as unit:
            done = unit.get_one(Erasure, erasure_id)
            assert done.step == ErasureStep.DONE, step
            assert dict(done.plan.counts)["client"] == 1, step
            assert done.protocol.pdf.startswith(b"%PDF"), step
        assert rows_of(world, client_id) == {}, step
        assert world.services.keystore.load([client_id]) == {}, step
        assert client_id in world.services.keystore.erasures.ids(), step
    raise AssertionError("an erasure has more steps than this test kills")


def test_an_erasure_killed_at_any_step_is_finished_later(house: World) -> None:
    assert _kill_at_every(house, 23) > 3


@pytest.mark.long
def test_an_erasure_killed_at_each_single_step_is_finished_later(house: World) -> None:
    assert _kill_at_every(house, 1) > 60


@pytest.mark.long
def test_however_often_it_is_killed_an_erasure_is_whole_or_finished_later(house: World) -> None:
    chance = random.Random(4)  # noqa: S311 - any moment will do
    whole = killed = 0
    longest = 6.0
    for _round in range(_KILLS):
        client_id, other = stored_file(house, "maier"), stored_file(house, "maier")
        with house.unscoped() as unit:
            number = unit.get_one(Client, client_id).file_number
        order = (number, "--org", "Musterhausen", "--as", "maier", "--confirmed-by", "haupt")
        running = command(house, *order)
        started = time.monotonic()
        try:
            running.wait(timeout=chance.uniform(0.5, longest))
            longest = max(1.0, time.monotonic() - started + 0.2)
        except subprocess.TimeoutExpired:
            running.kill()
            killed += 1
        running.communicate()
        finishing = command(house, "--unfinished")
        said, _nothing = finishing.communicate()
        assert finishing.returncode == 0, said.decode()
        left = rows_of(house, client_id)
        with house.unscoped() as unit:
            decided = unit.scalars(select(Erasure).where(Erasure.client_id == client_id)).one_or_none()
            assert unit.get_one(Client, other).head.family_name == "Rahimi"
            if decided is None:  # killed before the decision: the file is as it was, and can be read
                assert unit.get_one(Client, client_id).head.family_name == "Rahimi"
                assert client_id not in house.services.keystore.erasures.ids()
                whole += 1
                continue
            assert decided.step == ErasureStep.DONE
            assert decided.protocol.pdf.startswith(b"%PDF")
        assert left == {}
        assert house.services.keystore.load([client_id]) == {}
        assert client_id in house.services.keystore.erasures.ids()
    assert killed > _KILLS // 4
    assert whole < _KILLS
    seal_pending(house.services.database)
    assert verify(house.services.database).problems == []
