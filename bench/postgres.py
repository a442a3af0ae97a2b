"""The same pages on PostgreSQL and on SQLite, in time that passes: the server works in another process.

The cluster runs on the same machine, its connections are pooled, its statements prepared; row-level security stands as
always. What the disk adds to a commit is left out on both. Without PostgreSQL's binaries nothing is measured.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import select

from bench.installation import installation
from bench.rounds import Work, medians
from bench.table import Line, against_floor
from caseapp.clients.models import Client
from caseapp.clients.queries.search import search_people
from tests.attacks.pages import forms_of
from tests.factories import postgres
from tests.factories.browser import Browser
from tests.factories.world import World

_CLIENTS = 100
_WORKS = ("caseload page, 100 clients", "page of one client", "search among 100", "saving a contact")


def measure() -> list[Line]:
    """Each work on both, in turn."""
    if postgres.binaries() is None:
        print("postgres: not installed, not measured (sh tools/system_packages.sh postgres)", file=sys.stderr)
        return []
    with (
        postgres.cluster() as running,
        installation(_CLIENTS) as on_file,
        installation(_CLIENTS, databases=postgres.new_pair(running, "bench")) as on_server,
    ):
        works: dict[str, Work] = {}
        for name, on_sqlite, on_postgres in zip(_WORKS, _works(on_file), _works(on_server), strict=True):
            works |= {name: on_postgres, f"{name} on SQLite": on_sqlite}
        took = medians(works, rounds=61, watch=time.perf_counter)
    return [against_floor(f"PostgreSQL: {name}", took[name], took[f"{name} on SQLite"], "SQLite") for name in _WORKS]


def _works(world: World) -> list[Callable[[], Any]]:
    browser = Browser(world, "maier")
    with world.unit("maier") as unit:
        client_id = unit.scalars(select(Client.id).order_by(Client.file_number, Client.id)).first()
    pages = [f"/klienten/{client_id}", f"/klienten/{client_id}/kontakt"]
    form = next(form for form in forms_of(browser.get(pages[1]).text) if "note" in form.controls)
    actor = world.actor("maier")

    def search() -> None:
        with world.services.database.unit(actor, write=False):
            search_people(actor, "Mohamad")

    def save() -> None:
        # Sent again, the form stores nothing new: the same statements each time, but for the first.
        assert browser.post(pages[1], form.sent() | {"kind": "TEL", "minutes": "15"}).status_code == 302

    return [partial(_get, browser, "/klienten"), partial(_get, browser, pages[0]), search, save]


def _get(browser: Browser, path: str) -> None:
    assert browser.get(path).status_code == 200
