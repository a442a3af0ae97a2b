"""The append-only list of erased clients."""

import datetime as dt
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from caseapp.db import new_id
from caseapp.errors import ConfigurationError
from caseapp.keystore.erasures import ErasureList
from tests.factories.world import World


def test_the_list_lies_beside_the_ring_and_only_its_owner_reads_it(world: World) -> None:
    erased = new_id()
    world.services.keystore.erasures.append([erased])
    path = world.services.settings.keys_dir / "erasures"
    assert path.stat().st_mode & 0o777 == 0o600
    assert world.services.keystore.erasures.ids() == {erased}


def test_repeating_an_erasure_changes_nothing(tmp_path: Path) -> None:
    listed, ids = ErasureList(tmp_path), [new_id(), new_id()]
    listed.append(ids)
    before = listed.path.read_bytes()
    listed.append(reversed(ids))
    assert listed.path.read_bytes() == before


def test_a_line_cut_by_a_kill_is_dropped_and_the_next_entry_is_whole(tmp_path: Path) -> None:
    listed, first, second = ErasureList(tmp_path), new_id(), new_id()
    listed.append([first])
    whole = listed.path.read_bytes()
    for length in range(len(whole)):
        listed.path.write_bytes(whole + whole[:length])
        assert listed.ids() == {first}
        listed.append([second])
        assert listed.ids() == {first, second}


def test_a_damaged_line_is_refused_and_not_passed_by(tmp_path: Path) -> None:
    listed = ErasureList(tmp_path)
    listed.append([new_id(), new_id()])
    content = bytearray(listed.path.read_bytes())
    content[3] = ord("a") if content[3] != ord("a") else ord("b")
    listed.path.write_bytes(bytes(content))
    with pytest.raises(ConfigurationError, match="Löschliste"):
        listed.ids()


def test_another_copy_is_merged_with_its_days(tmp_path: Path) -> None:
    listed, erased = ErasureList(tmp_path), new_id()
    listed.merge({erased: dt.date(2026, 3, 1)})
    listed.append([erased])
    assert listed.days() == {erased: dt.date(2026, 3, 1)}


_APPEND = """
import sys
from pathlib import Path
from uuid import UUID
from caseapp.keystore.erasures import ErasureList
listed = ErasureList(Path(sys.argv[1]))
for number in range(200):
    listed.append([UUID(int=int(sys.argv[2]) + number)])
"""


def test_two_processes_lose_no_entry_of_each_other(tmp_path: Path) -> None:
    starts = (1, 1_000)
    running = [subprocess.Popen([sys.executable, "-c", _APPEND, str(tmp_path), str(start)]) for start in starts]
    assert [each.wait(timeout=60) for each in running] == [0, 0]
    assert ErasureList(tmp_path).ids() == {UUID(int=start + number) for start in starts for number in range(200)}
