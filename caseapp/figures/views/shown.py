"""What the page of own figures shows: headline numbers, work, outcomes, each with the way to its cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from caseapp import clock, i18n
from caseapp.catalogue import queries as catalogue
from caseapp.figures import service
from caseapp.figures.rules import cells as rules
from caseapp.figures.rules.choices import so_far
from caseapp.figures.service import Counted
from caseapp.figures.views.parts import address, hours_text, number_text, period_text, share_text
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.indicators import queries as indicators
from caseapp.indicators.rules.definitions import Definition
from caseapp.tallies.periods import Period

ANSWERS = {"yes": _l("ja"), "no": _l("nein"), "unknown": _l("unbekannt")}
_UNITS = {
    "person": _l("Personen"),
    "household": _l("Haushalte"),
    "goal": _l("Ziele"),
    "referral": _l("Vermittlungen"),
    "closing": _l("Abschlüsse"),
    "title": _l("Aufenthaltstitel"),
    "person_month": _l("Personenmonate"),
}
STOCK = {
    rules.START: _l("Fälle am Anfang"),
    rules.CAME: _l("Zugänge"),
    rules.LEFT: _l("Abgänge"),
    rules.END: _l("Fälle am Ende"),
}


@dataclass(frozen=True, slots=True)
class ClassLine:
    """One class of an indicator with the way to its cases."""

    label: str
    number: int
    shown: str
    share: str
    href: str
    answer: str


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator. `cohort`: whose outcome it is, where that is not the people of the period itself."""

    code: str
    title: str
    sentence: str
    cohort: str
    total: int
    shown: str
    unit: str
    href: str
    lines: list[ClassLine]

    def of(self, answer: str) -> int:
        """How many count as this answer."""
        return sum(line.number for line in self.lines if line.answer == answer)


def title_of(definition: Definition) -> str:
    """The title in the language of the page."""
    return definition.title_de if i18n.current_locale() == "de" else definition.title_en


def cards(counted: Counted) -> list[Card]:
    """All indicators of the period, those without cases too."""
    link = behind(counted.period)
    return [_card(counted, each, link) for each in service.definitions_of(counted.period, clock.today())]


def group_of(counted: Counted) -> dict[str, str]:
    """Code to group: reach or outcome."""
    return {each.code: each.group for each in service.definitions_of(counted.period, clock.today())}


def _card(counted: Counted, definition: Definition, link: Callable[[str, str], str]) -> Card:
    german = i18n.current_locale() == "de"
    total = counted.cells.number(definition.code)
    wanted = so_far(counted.period, clock.today())
    cohort = definition.cohort(wanted)
    return Card(
        code=definition.code,
        title=title_of(definition),
        sentence=definition.sentence_de if german else definition.sentence_en,
        cohort=period_text(cohort) if cohort != wanted else "",
        total=total,
        shown=number_text(total),
        unit=str(_UNITS.get(definition.unit, "")),
        href=link(definition.code, rules.ALL),
        lines=[
            ClassLine(
                label=outcome.de if german else outcome.en,
                number=counted.cells.number(definition.code, outcome.code),
                shown=number_text(counted.cells.number(definition.code, outcome.code)),
                share=share_text(counted.cells.number(definition.code, outcome.code), total),
                href=link(definition.code, outcome.code),
                answer=outcome.answer,
            )
            for outcome in definition.outcomes
        ],
    )


def behind(period: Period) -> Callable[[str, str], str]:
    """Figure and class to the address of the cases behind the number; no person stands in it.

    The router is asked once: a page leads to some hundred lists. Codes of figures and classes need no quoting.
    """
    pattern = address("figures.behind", figure="FIGURE", figure_class="CLASS", zeitraum=str(period))
    return lambda figure, name: pattern.replace("FIGURE/CLASS", f"{figure}/{name}", 1)


def stock(counted: Counted) -> list[dict[str, Any]]:
    """The caseload at the start, what came, what left, and at the end."""
    link = behind(counted.period)
    days = {rules.START: counted.period.first, rules.END: counted.until}
    found = []
    for name, label in STOCK.items():
        number = counted.cells.number(rules.CASES, name)
        text = f"{label}, {days[name]:%d.%m.%Y}" if name in days else str(label)
        found.append(
            {
                "number": number_text(number),
                "label": text,
                "href": link(rules.CASES, name) if number else "",
            }
        )
    return found


def identity(counted: Counted) -> str:
    """The stock identity with its numbers, as a sentence that can be checked in the head."""
    numbers = {name: number_text(counted.cells.number(rules.CASES, name)) for name in STOCK}
    return _(
        "%(start)s am Anfang + %(came)s Zugänge − %(left)s Abgänge = %(end)s am Ende",
        start=numbers[rules.START],
        came=numbers[rules.CAME],
        left=numbers[rules.LEFT],
        end=numbers[rules.END],
    )


def work(counted: Counted) -> list[dict[str, Any]]:
    """What was done, with and without a file."""
    talks, minutes = counted.cells.number(rules.CONTACTS), counted.cells.number(rules.MINUTES)
    office, link = counted.office, behind(counted.period)
    return [
        {
            "number": number_text(talks),
            "label": _("Kontakte"),
            "href": link(rules.CONTACTS, rules.ALL) if talks else "",
        },
        {
            "number": hours_text(minutes),
            "label": _("Stunden in Kontakten"),
            "href": link(rules.MINUTES, rules.ALL) if minutes else "",
        },
        {
            "number": number_text(office.advice.total()),
            "label": _("Kurzberatungen ohne Akte, %(hours)s Stunden", hours=hours_text(office.advice_minutes)),
        },
        {
            "number": number_text(office.activities.total()),
            "label": _("Tätigkeiten ohne Fall, %(hours)s Stunden", hours=hours_text(office.activity_minutes)),
        },
    ]


def kinds(counted: Counted) -> list[dict[str, Any]]:
    """Contacts by kind with hours, the most frequent first."""
    link = behind(counted.period)
    found = [
        {
            "label": kind_text(kind),
            "number": counted.cells.number(rules.CONTACTS, kind),
            "shown": number_text(counted.cells.number(rules.CONTACTS, kind)),
            "hours": hours_text(counted.cells.number(rules.MINUTES, kind)),
            "href": link(rules.CONTACTS, kind),
        }
        for kind in counted.cells.classes(rules.CONTACTS)
    ]
    return sorted(found, key=lambda line: (-line["number"], line["label"]))


def kind_text(kind: str) -> str:
    """What a kind of contact is called."""
    return catalogue.label("contact_kinds", kind) or kind


def over_time(counted: Counted) -> list[tuple[str, list[int]]]:
    """Contacts a week or a month, empty ones too."""
    return [
        (part_text(name), [counted.cells.number(rules.TIMES, name)])
        for name in rules.parts_of(counted.period, counted.until)
    ]


def part_text(name: str) -> str:
    """`27` for an ISO week, `07` for a month: the axis says which."""
    return name.rpartition("W")[2] if "W" in name else name.rpartition("-")[2]


def outcome_picture(found: Iterable[Card]) -> list[tuple[str, list[int]]]:
    """Yes, no and unknown of each outcome with cases."""
    return [(card.title, [card.of(answer) for answer in ANSWERS]) for card in found if card.lines and card.total]


def age(made_at: dt.datetime | None) -> str:
    """Since when a stored count stands."""
    return "" if made_at is None else f"{clock.local(made_at):%d.%m.%Y, %H:%M}"


def fields_of(period: Period) -> dict[str, str]:
    """The fields whose state counts, by code."""
    on = min(period.last, clock.today())
    found = next((each for each in indicators.list_dimensions(on) if each.name == "field"), None)
    return {} if found is None else {each.code: found.label(each.code, i18n.current_locale()) for each in found.classes}


def class_label(definition: Definition, name: str, fields: Mapping[str, str]) -> str:
    """What a class of an indicator is called; of the quality of data with its field."""
    german = i18n.current_locale() == "de"
    field, _dash, outcome = name.rpartition("-")
    found = next((each for each in definition.outcomes if each.code == outcome), None)
    said = name if found is None else found.de if german else found.en
    return f"{fields.get(field, field)}: {said}" if field else said
