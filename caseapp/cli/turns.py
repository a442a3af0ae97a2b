"""Taking turns inside one server process: one request at work, while others only send or receive.

Two threads that both calculate wait for each other, so a process works on one request at a time. A person who sends 50
MB from a phone would hold it up for minutes: while a request waits for the rest of its body, the next one has its turn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Any

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Turns:
    """The application, one request at a time. What it hands back is sent without a turn."""

    def __init__(self, app: Wsgi) -> None:
        self._app, self._turn = app, Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = _Waiting(environ["wsgi.input"], self._turn)
        with self._turn:
            return self._app(environ, start_response)


class _Waiting:
    """A request's body, read without holding the turn."""

    def __init__(self, body: Any, turn: Lock) -> None:
        self._body, self._turn = body, turn

    def read(self, *size: int) -> bytes:
        return self._apart(self._body.read, *size)

    def readline(self, *size: int) -> bytes:
        return self._apart(self._body.readline, *size)

    def _apart(self, read: Callable[..., bytes], *given: int) -> bytes:
        self._turn.release()
        try:
            return read(*given)
        finally:
            self._turn.acquire()
