"""Templates of letters, what each of them tells about a person, and its sentences. Pure.

A certificate says only what its purpose needs: each template declares the fields that it asks, and nothing else of the
file can come into the letter.
"""

from __future__ import annotations

import csv
import datetime as dt
import enum
import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from caseapp.errors import ConfigurationError, RuleError
from caseapp.i18n import gettext as _

LONGEST_TEXT = 6_000
LONGEST_LINE = 200
MOST_LINES = 6  # of an address with its name (DIN 5008)
LONGEST_ADDRESS_LINE = 60
MOST_ENCLOSURES = 20
UNDO = dt.timedelta(minutes=10)

FIELDS = frozenset(
    {
        "day",
        "from_time",
        "to_time",
        "place",
        "things",
        "interpreter",
        "invite",
        "born",
        "purpose",
        "reference",
        "enclosures",
        "since",
        "text",
    }
)
DAYS = frozenset({"day", "since"})
TIMES = frozenset({"from_time", "to_time"})
MARKS = frozenset({"interpreter", "invite"})
PURPOSES = ("jobcenter", "school", "employer", "course", "office")
_TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.h ]([0-5]\d))?(?: ?uhr)?", re.IGNORECASE)


class Audience(enum.StrEnum):
    """For whom a template is written."""

    CLIENT = "client"
    THIRD = "third"
    ANY = "any"


class Way(enum.StrEnum):
    """How a letter leaves: into the client's hand, or sent by us."""

    HAND = "hand"
    POST = "post"


class Template(Struct, frozen=True, kw_only=True):
    """A kind of letter. `tells`: the data (list release_fields) that it always tells, `tells_with` those of a field."""

    code: str
    de: str
    en: str
    hint: str
    audience: Audience
    asks: tuple[str, ...]
    needs: frozenset[str]
    tells: tuple[str, ...]
    tells_with: Mapping[str, str]
    sort: int

    def label(self, locale: str = "de") -> str:
        """The label in German for locale "de", else in English."""
        return self.de if locale.startswith("de") else self.en

    def told(self, values: Mapping[str, str]) -> tuple[str, ...]:
        """The codes of the data that a letter with these values tells to somebody else."""
        return (*self.tells, *(code for field, code in self.tells_with.items() if values.get(field)))


class Sentence(Struct, frozen=True):
    """A phrase of the book with its values; days as `date`."""

    key: str
    values: Mapping[str, object]


@lru_cache(maxsize=4)
def load_templates(folder: Path) -> tuple[Template, ...]:
    """The templates of `letter_templates.csv`, in their order. Raises ConfigurationError naming the line."""
    path = folder / "letter_templates.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        found = [_template(row, f"{path.name}, line {rows.line_num}") for row in rows]
    return tuple(sorted(found, key=lambda each: each.sort))


def _template(row: Mapping[str, str], where: str) -> Template:
    asks = tuple(row["asks"].split("|"))
    needs = frozenset(filter(None, row["needs"].split("|")))
    tells = [part for part in row["tells"].split("|") if part]
    with_field = dict(part.split("=", 1) for part in tells if "=" in part)
    if not set(asks) <= FIELDS or not needs <= set(asks) or not set(with_field) <= set(asks):
        raise ConfigurationError(f"{where}: unknown field")
    return Template(
        code=row["code"],
        de=row["de"],
        en=row["en"],
        hint=row["hint"],
        audience=Audience(row["audience"]),
        asks=asks,
        needs=needs,
        tells=tuple(part for part in tells if "=" not in part),
        tells_with=with_field,
        sort=int(row["sort"]),
    )


def read_time(text: str) -> str:
    """`9:30` from "9.30", "9:30 Uhr" or "9h30"; "" for "". Raises RuleError."""
    cleaned = " ".join(text.split())
    if not cleaned:
        return ""
    match = _TIME.fullmatch(cleaned)
    if match is None:
        raise RuleError(_("Schreiben Sie die Uhrzeit wie 9:30."))
    return f"{int(match[1])}:{match[2] or '00'}"


def check_values(template: Template, values: Mapping[str, str]) -> dict[str, str]:
    """What the template asks for, cleaned; anything else is left out. Raises RuleError on the field."""
    found: dict[str, str] = {}
    for field in template.asks:
        text = values.get(field, "").strip()
        if field in TIMES:
            text = _at(field, text)
        elif field in DAYS:
            text = _day(field, text)
        most = LONGEST_TEXT if field in {"text", "enclosures"} else LONGEST_LINE
        if len(text) > most:
            raise RuleError(_("Kürzen Sie den Text auf höchstens %(most)s Zeichen.", most=most), field=field)
        if field in template.needs and not text:
            raise RuleError(_needed(field), field=field)
        if text:
            found[field] = text
    _check_order(found)
    if len(lines_of(found.get("enclosures", ""))) > MOST_ENCLOSURES:
        raise RuleError(_("Nennen Sie höchstens %(most)s Unterlagen.", most=MOST_ENCLOSURES), field="enclosures")
    return found


def _at(field: str, text: str) -> str:
    try:
        return read_time(text)
    except RuleError as refusal:
        raise RuleError(str(refusal), field=field) from None


def _day(field: str, text: str) -> str:
    if not text:
        return ""
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError:
        raise RuleError(_("Diesen Tag gibt es nicht."), field=field) from None


def _check_order(found: Mapping[str, str]) -> None:
    begins, ends = found.get("from_time"), found.get("to_time")
    if ends and not begins:
        raise RuleError(_("Geben Sie auch an, ab wann."), field="from_time")
    if begins and ends and _minutes(ends) <= _minutes(begins):
        raise RuleError(_("Das Ende liegt vor dem Anfang."), field="to_time")


def _minutes(time: str) -> int:
    hours, minutes = time.split(":")
    return int(hours) * 60 + int(minutes)


def _needed(field: str) -> str:
    said = {
        "day": _("Geben Sie den Tag an."),
        "from_time": _("Geben Sie die Uhrzeit an."),
        "place": _("Geben Sie an, wo."),
        "since": _("Geben Sie an, seit wann die Beratung läuft."),
        "purpose": _("Wählen Sie aus, für wen die Bescheinigung ist."),
        "enclosures": _("Nennen Sie die Unterlagen."),
    }
    return said.get(field) or _("Schreiben Sie den Text.")


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text without empty ones."""
    return tuple(cleaned for line in text.splitlines() if (cleaned := " ".join(line.split())))


def check_recipient(text: str) -> tuple[str, ...]:
    """The lines that name who gets the letter from the client's hand. Raises RuleError on `recipient`."""
    lines = _fitting(text)
    if not lines:
        raise RuleError(_("Schreiben Sie, für wen der Brief ist."), field="recipient")
    return lines


def check_address(text: str, *, posted: bool) -> tuple[str, ...]:
    """The lines under the client's own name. Raises RuleError on `recipient` when a letter could not arrive there."""
    lines = _fitting(text)
    if posted and len(lines) < 2:
        raise RuleError(_("Für die Post fehlt die Anschrift: Straße, dann Postleitzahl und Ort."), field="recipient")
    return lines


def _fitting(text: str) -> tuple[str, ...]:
    lines = lines_of(text)
    if len(lines) >= MOST_LINES or any(len(line) > LONGEST_ADDRESS_LINE for line in lines):
        raise RuleError(_("Die Anschrift passt nicht ins Fenster: höchstens 5 kurze Zeilen."), field="recipient")
    return lines


def sentences(code: str, name: str, values: Mapping[str, str], phone: str) -> list[Sentence]:
    """The letter in phrases, in their order. The plain letter has none: its text stands as it was written."""
    match code:
        case "TER":
            return _appointment(values, phone)
        case "WAR":
            return [_attendance(name, values), *_purpose("attendance", values)]
        case "BEG":
            return _cover(name, values)
        case "BSC":
            return _certificate(name, values)
        case _:
            return []


def subject_key(code: str) -> str:
    """The phrase in the line of the subject: never anything of the case."""
    names = {"TER": "appointment", "WAR": "attendance", "BEG": "cover", "BSC": "certificate"}
    return f"letters.{names.get(code, 'plain')}.subject"


def _appointment(values: Mapping[str, str], phone: str) -> list[Sentence]:
    begins = "invite" if values.get("invite") else "text"
    made = [
        Sentence(f"letters.appointment.{begins}", {}),
        Sentence("letters.appointment.when", {"date": _date(values, "day"), "time": values["from_time"]}),
        Sentence("letters.appointment.where", {"place": values["place"]}),
    ]
    if things := values.get("things"):
        made.append(Sentence("letters.appointment.bring", {"things": things}))
    if values.get("interpreter"):
        made.append(Sentence("letters.appointment.interpreter", {}))
    if phone:
        made.append(Sentence("letters.appointment.cannot", {"phone": phone}))
    return [*made, Sentence("letters.appointment.voluntary", {})]


def _attendance(name: str, values: Mapping[str, str]) -> Sentence:
    said: dict[str, object] = {"name": name, "date": _date(values, "day")}
    whole = values.get("from_time") and values.get("to_time")
    if whole:
        said |= {"from_time": values["from_time"], "to_time": values["to_time"]}
    if born := values.get("born"):
        said["born"] = born
        return Sentence("letters.attendance.text" if whole else "letters.attendance.text_day", said)
    return Sentence("letters.attendance.no_born" if whole else "letters.attendance.no_born_day", said)


def _cover(name: str, values: Mapping[str, str]) -> list[Sentence]:
    born = values.get("born")
    made = [
        Sentence("letters.cover.text", {"name": name, "born": born})
        if born
        else Sentence("letters.cover.text_no_born", {"name": name})
    ]
    if reference := values.get("reference"):
        made.insert(0, Sentence("letters.cover.reference", {"reference": reference}))
    return [*made, Sentence("letters.cover.list", {})]


def _certificate(name: str, values: Mapping[str, str]) -> list[Sentence]:
    said: dict[str, object] = {"name": name, "since": _date(values, "since")}
    key = "letters.certificate.text_no_born"
    if born := values.get("born"):
        key, said = "letters.certificate.text", said | {"born": born}
    return [
        Sentence(key, said),
        *_purpose("certificate", values),
        Sentence("letters.certificate.nothing_more", {}),
    ]


def _purpose(kind: str, values: Mapping[str, str]) -> list[Sentence]:
    """For whom it is meant; the word itself is a phrase, see `documents`."""
    return [Sentence(f"letters.{kind}.for", {"purpose": values["purpose"]})] if values.get("purpose") else []


def _date(values: Mapping[str, str], field: str) -> dt.date:
    return dt.date.fromisoformat(values[field])


def chosen_purpose(purpose: str, offered: Collection[str]) -> str:
    """Under which purpose a letter is sent: the chosen one, or the only one. Raises RuleError on `release_purpose`."""
    if purpose:
        return purpose
    if len(offered) == 1:
        return next(iter(offered))
    raise RuleError(_("Wählen Sie aus, zu welchem Zweck die Freigabe gilt."), field="release_purpose")


def not_covered(labels: Sequence[str]) -> str:
    """Why we may not send it, in words: `labels` are the data that no release names."""
    if not labels:
        return _("Für diesen Empfänger gilt heute keine Freigabe auf diesem Weg. Geben Sie den Brief in die Hand mit.")
    return _(
        "Die Freigabe umfasst nicht: %(data)s. Geben Sie den Brief in die Hand mit oder lassen Sie die Angabe weg.",
        data=", ".join(labels),
    )
