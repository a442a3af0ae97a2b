"""What a referral tells: exactly the data that were chosen, nothing beside them. Pure.

A datum is a code of release_fields. Some are read from the file at the moment of telling, the others are typed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

CONCERN, HEALTH = "ANL", "GES"
# What no field of the file holds: it is told in the words of the worker.
TYPED = ("ANL", "SCH", "SDN", "DOK", "GES")
# What a landlord never learns by default: what follows from origin, title and benefits is no reason for a flat.
_NOT_FOR_LANDLORDS = frozenset({"STA", "TIT", "LEI"})
LANDLORD = "VER"
# What a volunteer learns, and nothing else (source: the project's flows, "Volunteers").
FOR_VOLUNTEERS = ("NAM", "SPR", "ANL")
LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Told:
    """One datum as it leaves: code and words."""

    code: str
    text: str


def default_fields(proposed: Iterable[str], partner_kind: str) -> list[str]:
    """The data that a form ticks at first: those proposed for the purpose that this kind of partner may learn."""
    withheld = _NOT_FOR_LANDLORDS if partner_kind == LANDLORD else frozenset[str]()
    return [code for code in proposed if code not in withheld and code not in TYPED]


def chosen(fields: Iterable[str], typed: Mapping[str, str], order: Sequence[str]) -> tuple[str, ...]:
    """All codes that leave, in the order of the list: what is typed leaves as well, ticked or not."""
    named = set(fields) | {code for code, text in typed.items() if text.strip()}
    return tuple(code for code in order if code in named)


def check_typed(fields: Collection[str], typed: Mapping[str, str]) -> dict[str, str]:
    """The typed words as they are stored. Raises RuleError on `typed_<code>` for a ticked datum without words."""
    for code in TYPED:
        text = typed.get(code, "").strip()
        if code in fields and not text:
            raise RuleError(
                _("Dazu steht nichts in der Akte. Schreiben Sie es hier, oder lassen Sie die Angabe weg."),
                field=f"typed_{code}",
            )
        if len(text) > LONGEST:
            raise RuleError(_("Kürzen Sie den Text auf höchstens 4.000 Zeichen."), field=f"typed_{code}")
    return {code: typed[code].strip() for code in TYPED if typed.get(code, "").strip()}


def compose(
    fields: Sequence[str], typed: Mapping[str, str], sources: Mapping[str, Callable[[], str]]
) -> tuple[Told, ...]:
    """The data that leave, each once and in the order of `fields`. Only the sources of these codes are read."""
    told = []
    for code in dict.fromkeys(fields):
        text = typed.get(code, "") if code in TYPED else sources[code]()
        told.append(Told(code, text.strip()))
    return tuple(told)


def digest(parts: Iterable[str]) -> str:
    """A short mark of exactly these words: a preview carries it along, so that nothing else leaves than was shown."""
    joined = "\x1f".join(parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:32]
