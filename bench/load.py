"""The mixed load of a thousand caseworkers on the real server: an open loop, so that waiting is counted as waiting."""

from __future__ import annotations

import http.client
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from uuid import UUID

from bench.district import District, fill, opened
from bench.table import Line, duration
from caseapp import clock
from caseapp.accounts.views.identity import COOKIE
from caseapp.db import new_id

_HOST, _PORT = "127.0.0.1", 8497
_FILES, _WORKERS, _CONNECTIONS = 4_000, 30, 24
_BUDGET = 25_000.0  # microseconds, 95th percentile
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
# What a day consists of, in percent.
_MIX = {"client": 38, "caseload": 20, "today": 12, "form": 10, "search": 10, "save": 10}


@dataclass(slots=True)
class Desk:
    """A signed-in caseworker with her files and the token of her browser."""

    cookies: str
    clients: list[UUID]
    token: str = ""


@dataclass(slots=True)
class Tally:
    """What came back: times from the moment a request was due, in microseconds, by kind, and what went wrong."""

    times: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in _MIX})
    wrong: list[str] = field(default_factory=list)

    def percentile(self, percent: int, kind: str = "") -> float:
        """The time within which so many percent were answered, of one kind or of all."""
        ordered = sorted(self.times[kind] if kind else chain(*self.times.values()))
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


def measure(*, rate: int = 100, seconds: int = 20) -> list[Line]:
    """`rate` requests a second against the server with all its processes."""
    with TemporaryDirectory() as folder:
        fill(Path(folder), _FILES, contacts=5)
        with opened(Path(folder)) as found:
            desks = [
                Desk(f"{COOKIE}={token}", clients)
                for token, user in found.sign_in(_WORKERS)
                if (clients := found.clients(user))
            ]
            with _served(found):
                tally = _run(desks, rate, seconds)
    slow = tally.percentile(95)
    work = f"mixed load, {rate} requests/s for {seconds} s"
    kinds = ", ".join(f"{kind} {duration(tally.percentile(95, kind))}" for kind in _MIX)
    measured = f"p50 {duration(tally.percentile(50))}, p95 {duration(slow)}, {len(tally.wrong)} errors"
    good = slow <= _BUDGET and not tally.wrong
    return [
        Line(work, measured, "", "", f"p95 at most {duration(_BUDGET)}, no error", good),
        Line("mixed load, p95 of each kind", kinds),
    ]


@contextmanager
def _served(found: District) -> Iterator[None]:
    settings = found.services.settings
    environment = {
        **os.environ,
        "CASEAPP_DATA": str(settings.data_dir),
        "CASEAPP_KEYS": str(settings.keys_dir),
        "PORT": str(_PORT),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "caseapp.cli", "serve"], env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait()
        yield
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _wait() -> None:
    for _attempt in range(200):
        try:
            _ask(http.client.HTTPConnection(_HOST, _PORT, timeout=5), "GET", "/anmelden", "")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not answer")


def _run(desks: list[Desk], rate: int, seconds: int) -> Tally:
    warm = Tally()
    _drive(desks, warm, rate // 2, 3)
    tally = Tally(wrong=warm.wrong)
    _drive(desks, tally, rate, seconds)
    return tally


def _drive(desks: list[Desk], tally: Tally, rate: int, seconds: int) -> None:
    """Send requests when they are due, whatever the earlier ones do."""
    chance = random.Random(5)
    due: Queue[tuple[float, str, Desk] | None] = Queue()
    crew = [threading.Thread(target=_work, args=(due, tally)) for _connection in range(_CONNECTIONS)]
    for member in crew:
        member.start()
    start, moment = time.perf_counter(), 0.0
    while moment < seconds:
        time.sleep(max(0.0, start + moment - time.perf_counter()))
        kind = chance.choices(list(_MIX), list(_MIX.values()))[0]
        due.put((start + moment, kind, chance.choice(desks)))
        moment += chance.expovariate(rate)
    for _member in crew:
        due.put(None)
    for member in crew:
        member.join()


def _work(due: Queue[tuple[float, str, Desk] | None], tally: Tally) -> None:
    connection = http.client.HTTPConnection(_HOST, _PORT, timeout=10)
    chance = random.Random(threading.get_ident())
    while order := due.get():
        moment, kind, desk = order
        try:
            _REQUESTS[kind](connection, desk, chance)
        except (OSError, http.client.HTTPException, AssertionError) as error:
            tally.wrong.append(f"{kind}: {error!r}")
            connection.close()
        tally.times[kind].append((time.perf_counter() - moment) * 1_000_000)
    connection.close()


def _ask(
    connection: http.client.HTTPConnection, method: str, path: str, cookies: str, form: dict[str, str] | None = None
) -> tuple[http.client.HTTPResponse, str]:
    headers = {"Cookie": cookies} if cookies else {}
    body = urllib.parse.urlencode(form) if form else None
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer, answer.read().decode()


def _get(path: str) -> Callable[[http.client.HTTPConnection, Desk, random.Random], None]:
    def ask(connection: http.client.HTTPConnection, desk: Desk, chance: random.Random) -> None:
        address = path.format(chance.choice(desk.clients))
        answer, _page = _ask(connection, "GET", address, desk.cookies)
        assert answer.status == 200, (address, answer.status)

    return ask


def _token(connection: http.client.HTTPConnection, desk: Desk) -> str:
    """The desk's token against forged forms, fetched once with the page that carries it."""
    if not desk.token:
        answer, page = _ask(connection, "GET", f"/klienten/{desk.clients[0]}/kontakt", desk.cookies)
        found = _TOKEN.search(page)
        assert found, answer.status
        given = answer.getheader("Set-Cookie") or ""
        desk.cookies += "; " + given.partition(";")[0]
        desk.token = found[1]
    return desk.token


def _search(connection: http.client.HTTPConnection, desk: Desk, chance: random.Random) -> None:
    token = _token(connection, desk)
    text = chance.choice(("Rahimi", "Schewtschenko", "Mohamed", "Kovalenko", "Haddad 1990"))
    answer, _page = _ask(connection, "POST", "/suche", desk.cookies, {"csrf_token": token, "text": text, "q": text})
    assert answer.status == 200, answer.status


def _save(connection: http.client.HTTPConnection, desk: Desk, chance: random.Random) -> None:
    token = _token(connection, desk)
    form = {
        "csrf_token": token,
        "form_id": str(new_id()),
        "kind": "TEL",
        "topics": "EXI",
        "minutes": "10",
        "on_day": f"{clock.today():%d.%m.%Y}",
        "note": "Bescheid erklärt, Unterlagen werden nachgereicht.",
    }
    path = f"/klienten/{chance.choice(desk.clients)}/kontakt"
    answer, _page = _ask(connection, "POST", path, desk.cookies, form)
    assert answer.status == 302, answer.status


_REQUESTS: dict[str, Callable[[http.client.HTTPConnection, Desk, random.Random], None]] = {
    "client": _get("/klienten/{}"),
    "caseload": _get("/klienten"),
    "today": _get("/heute"),
    "form": _get("/klienten/{}/kontakt"),
    "search": _search,
    "save": _save,
}
