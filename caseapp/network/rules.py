"""What partners, dwellings and rent limits may be, and which entries are the same partner. Pure."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

LONGEST_NAME = 200
VOLUNTEER = "EHR"
LANDLORD = "VER"
DISTRICT_DIGITS = 5
_TABLED = 5  # rent tables name one to five persons and the sum for each further one
_MOST_CENTS = 100_000_000
_UMLAUTS = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})
_BY_TWO_LETTERS = re.compile(r"(?<![aeq])(ae|oe|ue)")
_WORD = re.compile(r"\w+")
_LEGAL_FORMS = frozenset({"ev", "gmbh", "ggmbh", "eg", "ag", "kg", "mbh", "co", "und", "der", "die", "das", "e", "v"})


def fold(text: str) -> str:
    """Text as it is compared: any case, with or without umlauts and accents ("Müller" = "Mueller" = "Muller")."""
    lower = text.casefold().translate(_UMLAUTS)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(sign))
    return _BY_TWO_LETTERS.sub(lambda match: match[0][0], plain)


def words(text: str) -> tuple[str, ...]:
    """The folded words of a text, in their order."""
    return tuple(_WORD.findall(fold(text)))


def contains(wanted: str, *texts: str) -> bool:
    """Whether every word of `wanted` begins a word of `texts`; True when nothing is wanted."""
    there = words(" ".join(texts))
    return all(any(word.startswith(each) for word in there) for each in words(wanted))


def name_key(name: str) -> tuple[str, ...]:
    """What makes two names the same: their folded words without legal forms, in any order."""
    return tuple(sorted(set(words(name)) - _LEGAL_FORMS))


@dataclass(frozen=True, slots=True)
class Traits:
    """By what entries of the directory are recognised as the same partner. "" and () where unknown."""

    partner_id: UUID
    kind: str
    name: str
    department: str
    place: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Double:
    """Two entries that may be one partner; `reasons` says why: "name", "phone", "email"."""

    first: UUID
    second: UUID
    reasons: tuple[str, ...]


def find_doubles(entries: Iterable[Traits]) -> list[Double]:
    """All pairs with the same name in the same place, or with the same phone or e-mail, in the entries' order.

    Departments of one office share name, phone and address and are no doubles.
    """
    given = list(entries)
    reasons: dict[tuple[int, int], list[str]] = {}
    for reason, keys in (
        ("name", [_named(each) for each in given]),
        ("phone", [_digits(each.phone) for each in given]),
        ("email", [each.email.strip().casefold() for each in given]),
    ):
        for pair in _pairs(keys):
            if _may_be_one(given[pair[0]], given[pair[1]]):
                reasons.setdefault(pair, []).append(reason)
    return [Double(given[a].partner_id, given[b].partner_id, tuple(why)) for (a, b), why in sorted(reasons.items())]


def _named(entry: Traits) -> tuple[object, ...] | None:
    key = name_key(entry.name)
    return (key, fold(entry.place).strip()) if key else None


def _digits(phone: str) -> str:
    digits = re.sub(r"\D", "", phone)
    return digits.removeprefix("49").removeprefix("0") if len(digits) > 4 else ""


def _may_be_one(one: Traits, other: Traits) -> bool:
    return not (one.department and other.department and fold(one.department) != fold(other.department))


def _pairs(keys: Sequence[Hashable]) -> set[tuple[int, int]]:
    places: dict[Hashable, list[int]] = {}
    for index, key in enumerate(keys):
        if key:
            places.setdefault(key, []).append(index)
    return {(a, b) for same in places.values() for position, a in enumerate(same) for b in same[position + 1 :]}


def resolve(partner_id: UUID, merged: Mapping[UUID, UUID]) -> UUID:
    """The partner that an id means today; `merged` leads from merged entries to the kept ones."""
    seen = {partner_id}
    while (following := merged.get(partner_id)) is not None and following not in seen:
        partner_id = following
        seen.add(partner_id)
    return partner_id


def same_as(partner_id: UUID, merged: Mapping[UUID, UUID]) -> frozenset[UUID]:
    """All ids that mean the same partner as this one, it too."""
    kept = resolve(partner_id, merged)
    return frozenset({kept} | {each for each in merged if resolve(each, merged) == kept})


def check_name(name: str) -> str:
    """The name as it is stored. Raises RuleError on `name`."""
    cleaned = " ".join(name.split())
    if not cleaned:
        raise RuleError(_("Geben Sie einen Namen ein."), field="name")
    if len(cleaned) > LONGEST_NAME:
        raise RuleError(_("Kürzen Sie den Namen auf höchstens %(most)s Zeichen.", most=LONGEST_NAME), field="name")
    return cleaned


def check_merge(kept: UUID, merged: UUID) -> None:
    """A partner is not merged into itself. Raises RuleError."""
    if kept == merged:
        raise RuleError(_("Wählen Sie zwei verschiedene Einträge."))


# ---- dwellings


def check_rent(cents: int | None, field: str, *, needed: bool = False) -> int:
    """An amount of money as it is stored. Raises RuleError on `field`."""
    if cents is None:
        if needed:
            raise RuleError(_("Geben Sie einen Betrag ein."), field=field)
        return 0
    if not 0 <= cents <= _MOST_CENTS or (needed and not cents):
        raise RuleError(_("Dieser Betrag kann nicht stimmen."), field=field)
    return cents


def check_deposit(deposit: int, cold: int) -> int:
    """The deposit as it is stored: three months of the rent without costs at most (§ 551 BGB). Raises RuleError."""
    if deposit > 3 * cold:
        raise RuleError(
            _("Die Kaution darf höchstens drei Kaltmieten betragen (§ 551 BGB). Prüfen Sie den Betrag."),
            field="deposit",
        )
    return deposit


def check_persons(least: int, most: int | None) -> None:
    """For how many persons a dwelling is. Raises RuleError on `persons_max`."""
    if least < 1:
        raise RuleError(_("Eine Wohnung ist für mindestens eine Person."), field="persons_min")
    if most is not None and most < least:
        raise RuleError(_("„Höchstens“ muss mindestens so viel sein wie „mindestens“."), field="persons_max")


# From which state a dwelling may go where.
_NEXT = {
    "offered": frozenset({"reserved", "let", "withdrawn"}),
    "reserved": frozenset({"offered", "let", "withdrawn"}),
    "let": frozenset({"offered"}),
    "withdrawn": frozenset({"offered"}),
}


def next_states(state: str) -> frozenset[str]:
    """Where a dwelling may go from a state."""
    return _NEXT[state]


def check_state(old: str, new: str) -> None:
    """Whether a dwelling may go from one state to the other. Raises RuleError with what to do."""
    if new in _NEXT[old]:
        return
    if old == "let":
        raise RuleError(_("Diese Wohnung ist inzwischen vermietet. Es wurde nichts eingetragen."))
    if old == "withdrawn":
        raise RuleError(_("Dieses Angebot ist zurückgezogen. Es wurde nichts eingetragen."))
    raise RuleError(_("Diese Wohnung ist schon in diesem Zustand."))


def check_open(state: str) -> None:
    """Whether somebody may still apply for a dwelling. Raises RuleError with what happened."""
    if state == "let":
        raise RuleError(_("Diese Wohnung ist inzwischen vermietet. Es wurde nichts eingetragen."))
    if state == "withdrawn":
        raise RuleError(_("Dieses Angebot ist zurückgezogen. Es wurde nichts eingetragen."))


# ---- rent limits


def limit_for(persons: int, limits: Sequence[int], further: int) -> int:
    """The limit for a household in cents: from the table up to five persons, then one sum for each further one."""
    if persons < 1:
        raise ValueError("a household has at least one person")
    return limits[min(persons, _TABLED) - 1] + max(0, persons - _TABLED) * further


def is_valid_on(valid_from: dt.date, valid_to: dt.date | None, on: dt.date) -> bool:
    """Whether limits hold on a day; both days of the period count."""
    return valid_from <= on and (valid_to is None or on <= valid_to)


def overlap(one: tuple[dt.date, dt.date | None], other: tuple[dt.date, dt.date | None]) -> bool:
    """Whether two periods share a day."""
    return (other[1] is None or one[0] <= other[1]) and (one[1] is None or other[0] <= one[1])


def check_rent_table(
    label: str, ags: Sequence[str], source: str, period: tuple[dt.date, dt.date | None], limits: Sequence[int]
) -> None:
    """A table of limits says for what, since when and by whom. Raises RuleError on the field concerned."""
    if not label.strip():
        raise RuleError(_("Geben Sie an, wofür die Grenzen gelten."), field="label")
    if not ags:
        raise RuleError(_("Wählen Sie mindestens eine Gemeinde."), field="ags")
    if not source.strip():
        raise RuleError(_("Geben Sie die Quelle an, zum Beispiel „Richtlinie des Kreises vom …“."), field="source")
    if period[1] is not None and period[1] < period[0]:
        raise RuleError(_("„Gilt bis“ liegt vor „gilt ab“."), field="valid_to")
    if list(limits) != sorted(limits):
        raise RuleError(_("Für mehr Personen kann die Grenze nicht niedriger sein. Prüfen Sie die Beträge."))
