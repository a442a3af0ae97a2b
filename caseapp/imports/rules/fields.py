"""The fields that a column can become, per kind of import, with their German labels."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from caseapp.i18n import lazy_gettext as _l
from caseapp.imports.rules.cells import plain

CLIENTS, CONTACTS = "clients", "contacts"
KINDS = (CLIENTS, CONTACTS)

KEEP = ""
"""The field of a column that has none: its cells are kept word for word as "Übernommene Angaben"."""


class Field(msgspec.Struct, frozen=True):
    """`several`: more than one column may become this field."""

    name: str
    label: object
    kinds: tuple[str, ...] = (CLIENTS,)
    several: bool = False


_BOTH = (CLIENTS, CONTACTS)
_ALL = (
    Field("full_name", _l("Name, Vorname (Nachname zuerst)"), _BOTH),
    Field("given_first_name", _l("Vorname Nachname (Vorname zuerst)"), _BOTH),
    Field("last_name", _l("Nachname"), _BOTH),
    Field("first_name", _l("Vorname"), _BOTH),
    Field("birth", _l("Geburtsdatum"), _BOTH),
    Field("sex", _l("Geschlecht")),
    Field("nationality", _l("Staatsangehörigkeit"), (CLIENTS,), several=True),
    Field("entered", _l("Einreise")),
    Field("title", _l("Aufenthaltstitel")),
    Field("title_from", _l("Aufenthaltstitel gültig ab")),
    Field("title_until", _l("Aufenthaltstitel gültig bis")),
    Field("address", _l("Adresse (Straße, Ort in einer Spalte)")),
    Field("street", _l("Straße und Hausnummer")),
    Field("house_number", _l("Hausnummer")),
    Field("postcode", _l("Postleitzahl")),
    Field("place", _l("Ort")),
    Field("housing", _l("Wohnform")),
    Field("housed_since", _l("Wohnt dort seit")),
    Field("allocated", _l("Zuweisung am")),
    Field("level", _l("Sprachniveau Deutsch")),
    Field("language", _l("Sprache"), _BOTH),
    Field("employment", _l("Arbeit und Ausbildung"), (CLIENTS,), several=True),
    Field("benefits", _l("Leistungen"), (CLIENTS,), several=True),
    Field("phone", _l("Telefon"), (CLIENTS,), several=True),
    Field("email", _l("E-Mail")),
    Field("family", _l("Familie Nr."), _BOTH),
    Field("plan", _l("Integrationsplan vom")),
    Field("counselled_since", _l("Beratung seit")),
    Field("worker", _l("Zuständig"), _BOTH),
    Field("file_number", _l("Aktenzeichen"), _BOTH),
    Field("note", _l("Bemerkung"), _BOTH, several=True),
    Field("day", _l("Datum des Kontakts"), (CONTACTS,)),
    Field("clock", _l("Uhrzeit"), (CONTACTS,)),
    Field("contact_kind", _l("Art des Kontakts"), (CONTACTS,)),
    Field("topics", _l("Thema"), (CONTACTS,), several=True),
    Field("minutes", _l("Dauer in Minuten"), (CONTACTS,)),
    Field("hours", _l("Dauer in Stunden"), (CONTACTS,)),
    Field("interpreter", _l("Dolmetscher"), (CONTACTS,)),
)
FIELDS = {field.name: field for field in _ALL}


def fields_of(kind: str) -> tuple[Field, ...]:
    """The fields of one kind of import, in the order of a form."""
    return tuple(field for field in _ALL if kind in field.kinds)


def field_label(name: str) -> str:
    """The field's German label in the current language; for `KEEP` what happens to the column."""
    return str(FIELDS[name].label) if name else str(_l("behalten als „Übernommene Angaben“"))


_UNWANTED = ("religion", "konfession", "glaube", "ethnie", "volksgruppe", "azr", "fluchtgeschichte", "fluchtgrund")
_UNWANTED_TOO = ("sexuell", "straft", "vorstrafe", "gefaengnis", "parteizugehoerigkeit")


def unwanted_headings(headings: Iterable[str]) -> list[str]:
    """Headings of data that a client file must not hold (religion, AZR number and the like): the page warns of them."""
    return [text for text in headings if any(word in plain(text) for word in _UNWANTED + _UNWANTED_TOO)]
