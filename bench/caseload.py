"""The caseload page of a hundred clients against the bare page.

Bare: Flask, the session's row, the same query written as SQL, the same keys and heads, the same texts, as many bytes
through stock Jinja. What the page adds: row scope, permissions, policy, CSRF, translation, layout, views, read audit.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import UUID

import jinja2
from flask import Flask, request
from sqlalchemy import Connection, event

from bench.installation import installation
from bench.rounds import Work, medians
from bench.table import Line, against_floor
from caseapp import clock
from caseapp.accounts.queries import token_hash
from caseapp.accounts.views.identity import COOKIE
from caseapp.clients.models import Client
from caseapp.clients.queries.caseload import PAGE_ROWS, Case, ListedCase
from caseapp.clients.rules.collation import sort_key
from caseapp.clients.views.lines import Lines
from caseapp.sealed import open_column
from tests.factories.browser import Browser
from tests.factories.world import World

_CLIENTS = 100
_ROWS = Path(__file__).resolve().parent.parent / "templates" / "clients" / "caseload_rows.html"
# What the template of the rows is given beside the lines.
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("worker", "waiting"), ""),
    "language": "Sprache",
    "place": "Gemeinde",
    "last": "Letzter Kontakt",
    "step": "Nächster Schritt",
    "ends": "Titel endet",
    "late": "überfällig",
    "contact_text": "Kontakt",
    "contact_for": "Kontakt erfassen:",
    "show": ("/klienten/", ""),
    "contact": ("/klienten/", "/kontakt"),
    "team": False,
}


def measure() -> list[Line]:
    """The page in the browser of the tests, and the bare page in the same one."""
    with installation(_CLIENTS) as world:
        browser = Browser(world, "maier")
        works: dict[str, Work] = {"page": lambda: _get(browser.client, "/klienten")}
        page = browser.get("/klienten").text
        bare = _bare(world, _statement(world, browser), page).test_client()
        cookie = browser.client.get_cookie(COOKIE)
        assert cookie is not None
        bare.set_cookie(COOKIE, cookie.value)
        assert len(_get(bare, "/bare").data) == len(page.encode())
        works["bare"] = lambda: _get(bare, "/bare")
        cpu = medians(works, rounds=101)
    return [against_floor(f"caseload page, {_CLIENTS} clients", cpu["page"], cpu["bare"], "bare page", 1.75)]


def _get(client: Any, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return answer


def _statement(world: World, browser: Browser) -> tuple[str, Any]:
    """The query of the page as the database gets it, with its values."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        if "JOIN caseload" in statement:
            seen.append((statement, values))

    event.listen(world.services.database.engine, "before_cursor_execute", note)
    browser.get("/klienten")
    event.remove(world.services.database.engine, "before_cursor_execute", note)
    return seen[0]


def _bare(world: World, query: tuple[str, Any], page: str) -> Flask:
    """An application that does nothing but make these bytes. `page` gives what stands around the rows."""
    app = Flask("bare")
    template = _template()
    top, rest = page.partition("<tbody>")[0] + "<tbody>", page.partition("</tbody>")[2]

    @app.get("/bare")
    def bare() -> str:
        listed = _listed(world, query, request.cookies[COOKIE])
        lines = Lines(clock.today())
        shown = [lines.own(each) for each in listed[:PAGE_ROWS]]
        text = template.render(lines=shown, top=top, rest="</tbody>" + rest, **_WORDS)
        # The few blanks by which the two templates differ, so that exactly as many bytes leave.
        return text + " " * (len(page.encode()) - len(text.encode()))

    return app


def _template() -> jinja2.Template:
    """The rows of the page's own template between what stands around them."""
    row = _ROWS.read_text(encoding="utf-8").partition("{% for line in lines %}")[2].partition("{% endfor %}")[0]
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string("{{ top|safe }}{% for line in lines %}" + row + "{% endfor %}{{ rest|safe }}")


def _listed(world: World, query: tuple[str, Any], cookie: str) -> list[ListedCase]:
    """The session's row, the rows of the query, their keys and heads, in the order of names."""
    with world.services.database.engine.connect() as connection:
        connection.exec_driver_sql(
            "SELECT user_id, seen_at FROM web_session WHERE token_hash = ?", (token_hash(cookie),)
        ).one()
        found = [_case(values) for values in connection.exec_driver_sql(*query).all()]
    keys = world.services.keystore.load([case.client_id for case in found])
    sealed = [(case.client_id, case.client_id, case.head_rev, case.head_blob) for case in found]
    opened = open_column(Client.head, "client", sealed, keys)
    listed = [ListedCase(case, each.record) for case, each in zip(found, opened, strict=True)]
    return sorted(listed, key=lambda each: sort_key(each.head.family_name, each.head.given_names) if each.head else ())


def _case(values: Any) -> Case:
    """A row as the driver gives it: ids are bytes, days are texts."""
    ids = [UUID(bytes=raw) if raw else None for raw in (values[0], *values[3:6])]
    days = [dt.date.fromisoformat(text) if text else None for text in values[8:15]]
    return Case(ids[0], values[1], values[2], *ids[1:], bool(values[6]), values[7], *days, values[15])
