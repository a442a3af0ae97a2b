"""What the code list says about kinds of contact."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from caseapp import clock, i18n
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.rules import Code, Counting, counts_as_counselling, load_counting
from caseapp.counselling.rules import Usual
from caseapp.settings import PROJECT_ROOT

LIST = "contact_kinds"
TOPICS = "topics"


def offered_kinds(on: dt.date | None = None) -> tuple[Code, ...]:
    """All kinds of the day, in the order of the list. No statement."""
    return catalogue.catalogue().choices(LIST, on or clock.today())


def with_client(kind: str, on: dt.date | None = None) -> bool:
    """Whether the client takes part: what "letzter Kontakt" means."""
    code = catalogue.catalogue().find(LIST, kind, on)
    return code is not None and code.says("with_client")


def with_client_kinds() -> tuple[str, ...]:
    """The kinds in which the client takes part."""
    return tuple(code.code for code in offered_kinds() if code.says("with_client"))


def short_label(code: Code) -> str:
    """The word on the chip, in the current language."""
    return code.extra["short_de" if i18n.current_locale().startswith("de") else "short_en"]


def usual_of(code: Code) -> Usual:
    """The kind as the rules of the form know it."""
    return Usual(kind=code.code, minutes=int(code.extra["minutes"]), with_client=code.says("with_client"))


def counts(kind: str, on: dt.date) -> bool:
    """Whether a contact of this kind on this day counts as a counselling talk."""
    return counts_as_counselling(_counting(), kind, on)


def prominent_topics() -> frozenset[str]:
    """The topics that the form shows at once, at most 16; the rest by typing."""
    return frozenset(
        code.code for code in catalogue.catalogue().choices(TOPICS, clock.today()) if code.says("prominent")
    )


def topic_words() -> dict[str, str]:
    """What people type to find a topic: its label and its other names, in small letters, by code."""
    topics = catalogue.catalogue().choices(TOPICS, clock.today())
    return {code.code: " ".join((code.de, code.en, *code.extra["aliases"].split("|"))).casefold() for code in topics}


@lru_cache(maxsize=1)
def _counting() -> tuple[Counting, ...]:
    return load_counting(PROJECT_ROOT / "config" / "rules")
