"""What evaluating gives: one observation for each unit that is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from msgspec import Struct

from caseapp.indicators.rules.cases import Case, Cases, classes_of
from caseapp.indicators.rules.definitions import OUTCOME, Definition
from caseapp.tallies.periods import Period


class Observation(Struct, frozen=True, kw_only=True, gc=False):
    """One unit: a person, household, goal, referral …

    `key` is its own number for rounding (0 to 2^64 - 1); `person` the record key of the person behind it, 0 for nobody.
    `classes`: dimension -> class, "outcome" where the indicator has one; a dimension that does not apply is missing.
    `amount`: 1, or all talks, hours, months of the unit in the period (uncapped).
    """

    key: int
    person: int
    ags: str
    organisation_id: UUID
    worker_id: UUID | None
    classes: Mapping[str, str]
    amount: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """What is evaluated: the definition for a period, whose cohort it tells, and the day of reference."""

    definition: Definition
    period: Period
    cohort: Period
    cases: Cases
    names: Sequence[str]
    first: dt.date  # of the cohort
    last: dt.date  # of the cohort: the day of reference
    end: dt.date  # the last day of the period

    @classmethod
    def of(cls, definition: Definition, period: Period, cases: Cases) -> Asked:
        """For a period of figures."""
        names = tuple(name for name in definition.dimensions if name != OUTCOME)
        cohort = definition.cohort(period)
        return cls(definition, period, cohort, cases, names, cohort.first, cohort.last, period.last)

    def within(self, day: dt.date | None) -> bool:
        """Whether the day lies in the cohort."""
        return day is not None and self.first <= day <= self.last

    @property
    def follow_up(self) -> dt.timedelta:
        """How long each unit is followed."""
        return dt.timedelta(days=self.definition.follow_up_days)

    def observe(
        self,
        case: Case,
        *,
        outcome: str = "",
        key: int | None = None,
        ags: str | None = None,
        amount: int = 1,
        extra: Mapping[str, str] | None = None,
    ) -> Observation:
        """An observation of the person on the last day of the cohort; `extra` are classes of the unit itself."""
        on = self.last
        classes = classes_of(case, self.names, on, self.cases, self.period)
        if extra:
            classes.update(extra)
        if outcome:
            classes[OUTCOME] = outcome
        return Observation(
            key=case.course.key if key is None else key,
            person=case.course.key,
            ags=case.ags_on(on) if ags is None else ags,
            organisation_id=case.course.organisation_id,
            worker_id=case.person.worker_id,
            classes=classes,
            amount=amount,
        )
