"""Importing a list of ten thousand people, with the look for duplicates, from the bytes of the file to the commit."""

from __future__ import annotations

import random
import time

from bench.district import district
from bench.table import Line, within
from caseapp import audit
from caseapp.imports import service as imports
from caseapp.imports.rules.fields import CLIENTS
from caseapp.imports.rules.tables import read_workbook
from tests.clients.population import people

_ROWS = 10_000
_BUDGET = 15_000_000.0  # microseconds
_HEADINGS = "Nachname;Vorname;geb. am;Geschlecht;Staatsangehörigkeit;Sprache;Telefon;Wohnort;Titel;gültig bis"
_LANDS = (("syrisch", "Arabisch"), ("ukrainisch", "Ukrainisch"), ("afghanisch", "Dari"), ("eritreisch", "Tigrinya"))
_TOWNS = ("Tettnang", "88662 Überlingen", "Markdorf", "Salem", "Friedrichshafen")
_TITLES = ("§ 24", "§ 25 Abs. 2", "Duldung", "§ 25 Abs. 3")


def measure() -> list[Line]:
    """CPU of the whole import into an office that has files already; every row must arrive or be reported."""
    content = _list().encode("utf-8-sig")
    with district(420) as found:
        actor = found.services.load_actor(found.worker_id)
        started = time.process_time()
        workbook = read_workbook(content, "fallliste.csv")
        with found.services.database.unit(actor, write=True) as unit:
            target = imports.list_targets(actor)[0]
            guess = imports.guess_columns(target, workbook, CLIENTS)
            plan = imports.make_plan(actor, target, workbook.sheets[guess.sheet], guess.mapping)
            owner = imports.store_upload(actor, target, workbook, guess, "fallliste.csv")
            done = imports.run_import(actor, owner, plan) or plan
        audit.write_pending(found.services.database, unit)
        spent = (time.process_time() - started) * 1_000_000
    counters = done.counters
    assert counters.imported + counters.reported == _ROWS, counters
    return [within(f"import {_ROWS:,} clients ({counters.reported} reported)", spent, _BUDGET)]


def _list() -> str:
    chance = random.Random(3)
    rows = [_HEADINGS]
    for number, (family, given) in enumerate(people(_ROWS, seed=3)):
        land, language = chance.choice(_LANDS)
        born = f"{chance.randint(1, 28):02d}.{chance.randint(1, 12):02d}.{chance.randint(1950, 2024)}"
        ends = f"{chance.randint(1, 28):02d}.{chance.randint(1, 12):02d}.{chance.randint(2027, 2029)}"
        cells = (family, given, born, chance.choice("wm"), land, language, f"0176 {4069000 + number % 100}")
        rows.append(";".join((*cells, chance.choice(_TOWNS), chance.choice(_TITLES), ends)))
    return "\r\n".join(rows)
