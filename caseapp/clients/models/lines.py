"""What a dated fact says to the figures: codes, never a text."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict

from caseapp.clients.models.facts import (
    BenefitFact,
    Fact,
    LanguageFact,
    SchoolFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.tallies.keys import text_mark
from caseapp.tallies.lines import (
    AnyLine,
    BenefitLine,
    LanguageLine,
    SchoolLine,
    StayLine,
    TitleLine,
    WorkLine,
)


class FactDays(TypedDict):
    """The days of a fact's row, as every line of a fact holds them."""

    from_on: dt.date | None
    until_on: dt.date | None
    confirmed_on: dt.date | None
    superseded: bool


def fact_line(fact: Fact, days: FactDays, *, ends_on: dt.date | None = None) -> AnyLine:
    """The line of a fact. The employer becomes a mark: whether two are the same, never which. `ends_on`: as typed."""
    match fact:
        case TitleFact():
            return TitleLine(code=fact.code, work_permission=fact.work_permission, ends_on=ends_on, **days)
        case StayFact():
            return StayLine(form=fact.form, legal_title=fact.legal_title, ags=fact.ags, **days)
        case WorkFact():
            return WorkLine(kind=fact.kind, employer=text_mark("employer", fact.employer), **days)
        case BenefitFact():
            return BenefitLine(kind=fact.kind, supplementary=fact.supplementary, **days)
        case LanguageFact():
            return LanguageLine(level=fact.level, evidence=fact.evidence, certified_on=fact.certified_on, **days)
        case SchoolFact():
            return SchoolLine(stage=fact.stage, support=fact.support, **days)
