"""The page of a released report of a Land: CPU warm and cold, statements, and the same bytes through Jinja alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

from bench.district import counting
from bench.pages import get_page
from bench.rounds import medians
from bench.table import Line, against_floor, counted, within
from caseapp.reporting.views import shelf
from tests.factories.browser import Browser
from tests.factories.packages import history
from tests.factories.world import World, build_template, open_world
from tests.reporting.shelved import stored

_BUDGET = 5_000  # microseconds
_STATEMENTS = 8


def measure() -> list[Line]:
    """The page as a funder opens it, again and for the first time in a process."""
    with _released() as (world, ids):
        path = f"/berichte/{ids[-1]}"
        browser = Browser(world, "foerder")
        page = browser.get(path).text
        bare = world.app.jinja_env.from_string("{{ parts|join }}")
        parts = page.splitlines(keepends=True)
        cpu = medians(
            {
                "warm": partial(get_page, browser, path),
                "table": partial(get_page, browser, f"{path}?bild=i3.I3&tabelle=i5.2025-Q3.outcome&sortierung=anteil"),
                "floor": lambda: bare.render(parts=parts),
            }
        )
        cold = medians({"cold": partial(_cold, browser, path)}, rounds=15)["cold"]
        with counting(world.services) as statements:
            get_page(browser, path)
        return [
            within(f"report page of a Land, 5 quarters, {len(page) // 1024} KB", cpu["warm"], _BUDGET),
            within("report page, another picture, a sorted table", cpu["table"], _BUDGET),
            against_floor("report page", cpu["warm"], cpu["floor"], "same bytes through Jinja"),
            counted("report page, first time in a process", len(statements), _STATEMENTS, cold),
        ]


@contextmanager
def _released() -> Iterator[tuple[World, list[UUID]]]:
    with tempfile.TemporaryDirectory() as folder:
        template = Path(folder, "template")
        template.mkdir()
        build_template(template)
        world = open_world(template, Path(folder, "world"))
        yield world, stored(world, history())
        world.close()


def _cold(browser: Browser, path: str) -> None:
    shelf.forget()
    get_page(browser, path)
