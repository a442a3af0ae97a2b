"""The page that explains each figure in a sentence."""

from __future__ import annotations

from dataclasses import dataclass

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.i18n import gettext as _
from caseapp.indicators import queries
from caseapp.indicators.rules import OUTCOME, Definition, DimensionData
from caseapp.indicators.rules.definitions import TableSpec
from caseapp.security.permissions import Permission
from caseapp.web.area import Area

area = Area("indicators", __name__)

_UNITS = {
    "person": ("Personen", "Persons"),
    "household": ("Haushalte", "Households"),
    "goal": ("Ziele", "Goals"),
    "contact": ("Gespräche", "Talks"),
    "referral": ("Vermittlungen", "Referrals"),
    "closing": ("Abschlüsse", "Closings"),
    "title": ("Aufenthaltstitel", "Residence titles"),
    "advice": ("Kurzberatungen", "Short advice talks"),
    "hour": ("Stunden", "Hours"),
    "person_month": ("Personenmonate", "Person-months"),
}
_LEVELS = (("Land", "State"), ("Land und Kreise", "State and districts"), ("Land, Kreise und Gemeinden", "All areas"))
_EVERY = {"quarter": ("im Quartal", "quarterly"), "year": ("im Jahr", "yearly")}
_ANSWERS = {"yes": ("zählt als Ja", "counts as yes"), "no": ("zählt als Nein", "counts as no"), "unknown": ("", "")}


@dataclass(frozen=True, slots=True)
class Both:
    """A text in German, and in English where it was asked for."""

    de: str
    en: str


@dataclass(frozen=True, slots=True)
class Explained:
    """An indicator as the page shows it: `facts` are (label, text) of the small print."""

    definition: Definition
    title: Both
    sentence: Both
    facts: tuple[tuple[Both, Both], ...]
    outcomes: tuple[tuple[Both, Both], ...]
    rates: tuple[Both, ...]
    tables: tuple[Both, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One of the three groups."""

    id: str
    title: Both
    items: tuple[Explained, ...]


@area.page("/berichte/erklaerung", permission=Permission.REPORT_READ)
def index() -> ResponseReturnValue:
    """So wird gezählt; with `?sprache=en` English beside it."""
    language = request.args.get("sprache", "de")
    if language not in ("de", "en"):
        abort(404)
    on = clock.today()
    known = {dimension.name: dimension for dimension in queries.dimensions()}
    explained = [_explain(definition, known) for definition in queries.list_definitions(on)]
    parts = [
        Part(name, title, tuple(item for item in explained if item.definition.group == name))
        for name, title in (
            ("reach", Both(_("Wen erreichen wir"), "Whom we reach")),
            ("outcome", Both(_("Was wird erreicht"), "What is achieved")),
            ("data", Both(_("Datenlage"), "Quality of the data")),
        )
    ]
    return render_template("indicators/index.html", parts=parts, english=language == "en", on=on)


def _explain(definition: Definition, known: dict[str, DimensionData]) -> Explained:
    unit = _UNITS[definition.unit]
    facts = [
        (Both(_("Einheit"), "Unit"), Both(*unit)),
        (Both(_("Wer zählt mit"), "Denominator"), Both(definition.denominator_de, definition.denominator_en)),
        (Both(_("Stichtag"), "Day of reference"), Both(definition.reference_de, definition.reference_en)),
    ]
    if definition.follow_up_days or definition.waiting_days:
        facts.append((Both(_("Beobachtung"), "Follow-up"), _follow_up(definition)))
    facts.append((Both(_("Zu beachten"), "Please note"), Both(definition.limits_de, definition.limits_en)))
    return Explained(
        definition,
        Both(definition.title_de, definition.title_en),
        Both(definition.sentence_de, definition.sentence_en),
        tuple(facts),
        tuple((Both(each.de, each.en), Both(*_ANSWERS[each.answer])) for each in definition.outcomes),
        tuple(Both(each.de, each.en) for each in definition.rates),
        tuple(_table(table, known) for table in definition.tables),
    )


def _follow_up(definition: Definition) -> Both:
    followed, waiting = definition.follow_up_days, definition.waiting_days
    german = [f"{followed} Tage ab dem Beginn"] if followed else []
    english = [f"{followed} days from the beginning"] if followed else []
    if waiting:
        german.append(f"{waiting} Tage Wartezeit für Einträge")
        english.append(f"{waiting} days of waiting for entries")
    return Both(", dann ".join(german) + ".", ", then ".join(english) + ".")


def _table(table: TableSpec, known: dict[str, DimensionData]) -> Both:
    """`Land und Kreise, im Quartal: Alter, Geschlecht`."""
    names = [known[name] for name in table.dimensions if name != OUTCOME]
    german, english = [each.de for each in names], [each.en for each in names]
    if OUTCOME in table.dimensions:
        german.append("Ergebnis")
        english.append("Outcome")
    level, every = _LEVELS[table.finest], _EVERY[table.every]
    return Both(
        f"{level[0]}, {every[0]}: {' × '.join(german) or 'Summe'}",
        f"{level[1]}, {every[1]}: {' × '.join(english) or 'Total'}",
    )
