"""Killing a piece of work at each of its steps, as a power cut or `kill -9` would: no clean-up code runs."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event

from caseapp.factory import Services, open_services
from caseapp.security import private_files, ring_file
from caseapp.settings import Settings

Work = Callable[[Services], object]
_FAILED = 3


def killed_at(settings: Settings, step: int, work: Work) -> bool:
    """Do the work in a process of its own that is killed at the given step. False if it came to its end before.

    Steps are statements to both databases, their commits, and each file put in place, before and after it.
    """
    child = os.fork()
    if not child:
        try:
            _work(settings, step, work)
        except BaseException:
            os._exit(_FAILED)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) in {0, -signal.SIGKILL}, "the work itself failed"
    return os.WIFSIGNALED(status)


def _work(settings: Settings, step: int, work: Work) -> None:
    opened = open_services(settings, immediate_jobs=True)
    left = step

    def count(*_args: object) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

    for engine in (opened.database.engine, opened.keystore.engine):
        event.listen(engine, "before_cursor_execute", count)
        event.listen(engine, "commit", count)
    put = private_files.move

    def move(source: Path, target: Path) -> None:
        count()
        put(source, target)
        count()

    private_files.move = ring_file.move = move
    aside = private_files.tempfile.mkstemp

    def begin(**options: Any) -> tuple[int, str]:
        made = aside(**options)
        count()
        return made

    private_files.tempfile.mkstemp = begin
    work(opened)
