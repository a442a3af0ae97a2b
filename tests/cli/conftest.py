"""Running the commands in this process: as quick as a function, with everything but a process of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from caseapp.cli import main
from tests.factories.world import World

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(world: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `caseapp ...` on the world in this process: exit status, and everything that was said."""
    monkeypatch.setenv("CASEAPP_DATA", str(world.services.settings.data_dir))
    monkeypatch.setenv("CASEAPP_KEYS", str(world.services.settings.keys_dir))

    def running(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["caseapp", *arguments])
        status = 0
        try:
            main()
        except SystemExit as ended:
            status = int(ended.code or 0)
        said = capsys.readouterr()
        return status, said.out + said.err

    return running
