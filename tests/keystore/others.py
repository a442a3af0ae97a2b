"""Processes that write and read beside a test."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

WRITER = """
import sys, time
from pathlib import Path
from tests.factories.bare import bare_file
from tests.keystore.installation import reopened
world = reopened(Path(sys.argv[1]))
print("ready", flush=True)
number = 0
while not (Path(sys.argv[1]) / "stop").exists():
    with world.unscoped(write=True):
        made = bare_file(world, family_name=f"Neu {number}").id
    print(made.hex, flush=True)
    number += 1
    time.sleep(0.03)
"""

READER = """
import sys
from pathlib import Path
from tests.keystore.installation import names, reopened
world = reopened(Path(sys.argv[1]))
print("ready", flush=True)
rounds = 0
while not (Path(sys.argv[1]) / "stop").exists():
    names(world.services)
    rounds += 1
print(rounds, flush=True)
"""


class Other:
    """A process that works on the installation beside the test; what it says goes into a file, line by line."""

    def __init__(self, script: str, folder: Path, says: Path) -> None:
        self._says = says
        with says.open("w", encoding="ascii") as said:
            self._process = subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=said)

    def lines(self) -> list[str]:
        """What it has said, whole lines after "ready"."""
        whole, _, _ = self._says.read_text(encoding="ascii").rpartition("\n")
        return whole.splitlines()[1:]

    def wait_until_ready(self) -> None:
        """Until it has begun its work."""
        until = time.monotonic() + 60
        while "ready\n" not in self._says.read_text(encoding="ascii"):
            assert self._process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)

    def end(self) -> int:
        """Its exit status, after it was told to stop."""
        return self._process.wait(timeout=60)

    def kill(self) -> None:
        """As `kill -9` does."""
        self._process.kill()
        self._process.wait()
