"""Papers: a protocol, ten pages of a list, an agreement in one and two languages, printed by a warm job process."""

from __future__ import annotations

import datetime as dt
from functools import partial

from bench.agreement_paper import printing
from bench.rounds import medians
from bench.table import Line, within
from caseapp.documents import render
from caseapp.privacy.rules.access import fold
from caseapp.privacy.rules.kinds import KINDS, what_stays

# design/pages.md: two pages 0.18 s warm, ten pages 0.95 s.
_ONE_PAGE, _TEN_PAGES = 180_000.0, 950_000.0
# German alone fills two pages; beside it stands every sentence in Arabic, which makes three.
_AGREEMENT, _IN_TWO_LANGUAGES = 200_000.0, 400_000.0


def measure() -> list[Line]:
    """Warm rendering; the first document of a process takes about a second more."""
    protocol = partial(
        render,
        "erasure",
        carrier="Stadt Musterhausen",
        title="Löschprotokoll",
        facts=[("Gelöscht am", "22.11.2026")],
        counts=[(str(label), 7) for label in KINDS.values()],
        stays=what_stays(),
        digest="ab" * 32,
    )
    first = dt.date(2024, 1, 1)
    accesses = [(first + dt.timedelta(days=2 * day), "Integrationsmanagement", "Akte gelesen") for day in range(220)]
    access = partial(
        render,
        "access",
        carrier="Stadt Musterhausen",
        title="Wer hat meine Akte gesehen?",
        name="Rahimi, Zahra",
        own_script="زهرا رحیمی",
        file_number="2026-00017",
        made_on=first,
        months=fold(accesses),
    )
    agreement = {"agreement": printing("de"), "in two languages": printing("ar")}
    cpu = medians({"protocol": protocol, "access": access, **agreement}, rounds=7)
    return [
        within("print a protocol of two pages", cpu["protocol"], _ONE_PAGE),
        within("print ten pages of accesses", cpu["access"], _TEN_PAGES),
        within("print an agreement", cpu["agreement"], _AGREEMENT),
        within("print an agreement in German and Arabic", cpu["in two languages"], _IN_TWO_LANGUAGES),
    ]
