"""Every form that the application shows, found by walking over its pages, and the stores that it may change."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from tests.attacks.pages import Form, forms_of
from tests.factories.browser import Browser
from tests.factories.samples import samples_of
from tests.factories.world import World

# What a page of a person is asked with beyond its address, where that shows another form.
VARIANTS = {"clients.intake": ("", "?art=person", "?art=familie", "?haushalt={client_id}")}
LIST = "Nachname;Vorname;Geburtsdatum\nRahimi;Zahra;27.03.1991\nDoe;Jane;31.02.1990\n"
WALKERS = ("maier", "leitung", "admin")
# Written by refusals, reads and sign-ins: no part of what a form stores.
_NOT_STORED = frozenset({"audit_event", "web_session", "sign_in_counter"})


@dataclass(frozen=True)
class Target:
    """A form, who sees it, and the page on which it stands."""

    login: str
    page: str
    form: Form
    rule: str

    @property
    def address(self) -> str:
        return self.form.action or self.page

    def __str__(self) -> str:
        return f"{self.login} {self.rule} -> {urlsplit(self.form.action).path or 'itself'}"


@dataclass
class Range:
    """A world to shoot at: its people's browsers, its forms, and a copy of what was stored at the start."""

    world: World
    samples: dict[str, str]
    targets: list[Target] = field(default_factory=list)
    browsers: dict[str, Browser] = field(default_factory=dict)

    def browser(self, login: str) -> Browser:
        if login not in self.browsers:
            self.browsers[login] = Browser(self.world, login)
        return self.browsers[login]

    def world_id(self, name: str) -> UUID:
        """The id of one of the samples."""
        return UUID(self.samples[name])

    def fire(self, target: Target, data: Any, **options: Any) -> Any:
        """Post `data` as the form would."""
        return self.browser(target.login).post(target.address, data, **options)


def open_range(world: World) -> Range:
    """All forms of this world that post, each kind once."""
    found = Range(world, samples_of(world, "maier"))
    found.samples |= uploaded(found.browser("maier"), LIST)
    seen = set()
    for login in WALKERS:
        for rule, page in pages(found, login):
            answer = found.browser(login).get(page)
            for form in forms_of(answer.text) if answer.status_code == 200 else ():
                kind = (_pattern(form.action), form.shape, rule if not form.action else "")
                if form.method == "post" and kind not in seen and form.action != "/abmelden":
                    seen.add(kind)
                    found.targets.append(Target(login, page, form, rule))
    return found


def uploaded(browser: Browser, rows: str) -> dict[str, str]:
    """The id of a list that this person has uploaded and had checked."""
    file = (io.BytesIO(rows.encode()), "liste.csv")
    answer = browser.submit("/importe", {"file": file})
    assert answer.status_code == 302, forms_of(answer.text)
    columns = answer.location
    form = next(form for form in forms_of(browser.get(columns).text) if "c0" in form.controls)
    assert browser.post(columns, form.sent()).status_code == 302
    return {"import_id": columns.split("/")[2], "ending": "csv"}


def pages(found: Range, login: str) -> Iterator[tuple[str, str]]:
    """Rule and address of every page."""
    app = found.browser(login).app
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint == "static" or not rule.arguments <= set(found.samples):
            continue  # a walk over the roles in tests/architecture fails for an address without a sample
        with app.test_request_context():
            address = app.url_for(rule.endpoint, **{name: found.samples[name] for name in rule.arguments})
        for variant in VARIANTS.get(rule.endpoint, ("",)):
            yield rule.rule, address + variant.format(**found.samples)


def _pattern(action: str) -> str:
    """An address without what names a record: one target stands for all of them."""
    return "/".join("*" if len(part) > 30 or part.isupper() else part for part in urlsplit(action).path.split("/"))


class Store:
    """What the database holds: a digest of it, and the way back to how it was."""

    def __init__(self, world: World) -> None:
        self._path = str(world.services.settings.data_dir / "caseapp.db")
        self._copy = sqlite3.connect(":memory:", check_same_thread=False)
        with sqlite3.connect(self._path) as live:
            live.backup(self._copy)
        self.start = self.digest()

    def digest(self) -> str:
        """The same for the same content of all tables that forms change."""
        found = hashlib.sha256()
        with sqlite3.connect(self._path) as live:
            tables = live.execute("select name from sqlite_master where type = 'table' order by name").fetchall()
            for (table,) in tables:
                if table not in _NOT_STORED:
                    found.update(repr(live.execute(f'select * from "{table}" order by 1').fetchall()).encode())  # noqa: S608
        return found.hexdigest()

    def restore(self) -> None:
        """Bring everything back."""
        with sqlite3.connect(self._path) as live:
            self._copy.backup(live)


def database_files(world: World) -> list[Path]:
    """Every file of the installation."""
    return [path for path in world.services.settings.data_dir.rglob("*") if path.is_file()]
