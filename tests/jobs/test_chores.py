"""Work that returns by itself."""

import datetime as dt
from threading import Event

from caseapp.jobs.chores import Chore, running

_AT_ONCE = dt.timedelta(milliseconds=1)


def test_a_failing_chore_is_tried_again_and_holds_up_no_other() -> None:
    failures: list[int] = []
    retried, done = Event(), Event()

    def fail() -> None:
        failures.append(1)
        if len(failures) > 1:
            retried.set()
        raise OSError("no space")

    with running([Chore("fails", _AT_ONCE, fail), Chore("works", _AT_ONCE, done.set)]):
        assert retried.wait(5)
        assert done.wait(5)


def test_chores_end_with_their_block() -> None:
    calls: list[int] = []
    with running([Chore("counts", _AT_ONCE, lambda: calls.append(1))]):
        pass
    ended = len(calls)
    Event().wait(0.02)
    assert len(calls) == ended
