"""One request at work at a time in a process; one that waits for its body holds nobody up."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from caseapp.cli.turns import Turns

PATIENCE = 5


class SlowBody:
    """A body whose rest comes when the test says so."""

    def __init__(self) -> None:
        self.asked, self.come = threading.Event(), threading.Event()

    def read(self, _size: int = -1) -> bytes:
        self.asked.set()
        assert self.come.wait(PATIENCE)
        return b"rest"


def no_start(*_given: Any) -> Callable[[bytes], Any]:
    raise AssertionError


def test_a_request_that_waits_for_its_body_lets_the_next_one_work() -> None:
    body, answers = SlowBody(), []
    app = Turns(lambda environ, _start: [environ["wsgi.input"].read()] if environ["slow"] else [b"quick"])
    waiting = threading.Thread(target=lambda: answers.append(app({"slow": True, "wsgi.input": body}, no_start)))
    waiting.start()
    assert body.asked.wait(PATIENCE)
    assert app({"slow": False, "wsgi.input": body}, no_start) == [b"quick"]
    body.come.set()
    waiting.join(PATIENCE)
    assert answers == [[b"rest"]]


def test_two_requests_never_work_at_the_same_moment() -> None:
    inside, most, guard = 0, [0], threading.Lock()

    def work(_environ: dict[str, Any], _start: Any) -> list[bytes]:
        nonlocal inside
        with guard:
            inside += 1
            most[0] = max(most[0], inside)
        threading.Event().wait(0.01)
        with guard:
            inside -= 1
        return []

    app = Turns(work)
    threads = [threading.Thread(target=app, args=({"wsgi.input": None}, no_start)) for _each in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert most == [1]


def test_a_broken_connection_gives_the_turn_back() -> None:
    class Broken:
        def read(self, *_size: int) -> bytes:
            raise ConnectionError

    def reads(environ: dict[str, Any], _start: Any) -> list[bytes]:
        try:
            return [environ["wsgi.input"].read()]
        except ConnectionError:
            return [b"broken"]

    app = Turns(reads)
    for _time in range(2):
        assert app({"wsgi.input": Broken()}, no_start) == [b"broken"]
