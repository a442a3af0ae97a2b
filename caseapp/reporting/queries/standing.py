"""How a period stands before its report is built: the scope, the carriers, what is in the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from caseapp import clock
from caseapp.accounts import queries as accounts
from caseapp.places import queries as places
from caseapp.reporting.models import Report, ReportState
from caseapp.reporting.queries.records import find_report, last_released, list_confirmations
from caseapp.reporting.rules.funding import FundingPeriod, funding_of, load_funding_periods
from caseapp.reporting.rules.ground import Seat, districts_of, scope_of_districts
from caseapp.reporting.rules.readiness import Standing, hindrances
from caseapp.security.actor import Role
from caseapp.settings import PROJECT_ROOT
from caseapp.tallies.periods import Period


@dataclass(frozen=True)
class Carrier:
    """A carrier whose entries the report counts, and when its head confirmed the period."""

    organisation_id: UUID
    name: str
    ags: str
    confirmed_on: dt.date | None = None


@dataclass(frozen=True)
class Outlook:
    """Everything that decides whether a period can be built."""

    scope: str
    districts: tuple[str, ...]
    carriers: tuple[Carrier, ...]
    standing: Standing
    report: Report | None

    @property
    def reasons(self) -> list[str]:
        """Why it cannot be built yet."""
        return hindrances(self.standing)


@lru_cache(maxsize=1)
def funding_periods() -> tuple[FundingPeriod, ...]:
    """The shipped funding periods, read once a process."""
    return load_funding_periods(PROJECT_ROOT / "config" / "reporting" / "funding_periods.csv")


def list_carriers(period: Period | None = None) -> list[Carrier]:
    """The carriers that have or had caseworkers, by name, with their confirmation of the period."""
    working = accounts.list_carriers_with(Role.CASEWORKER)
    confirmed = list_confirmations(str(period)) if period else {}
    return [
        Carrier(
            each.id,
            each.profile.name,
            each.profile.ags,
            clock.local(confirmed[each.id].confirmed_at).date() if each.id in confirmed else None,
        )
        for each in places.list_organisations()
        if each.id in working
    ]


def districts_here(carriers: Collection[Carrier]) -> tuple[str, ...]:
    """The Kreise of the installation. Raises SeatMissingError."""
    return districts_of([Seat(each.name, each.ags) for each in carriers], places.gazetteer())


def scope_here() -> str:
    """The scope that this installation reports for. Raises SeatMissingError."""
    return scope_of_districts(districts_here(list_carriers()))


def outlook(period: Period, *, gaps: Collection[UUID] = ()) -> Outlook:
    """How the period stands today. `gaps`: carriers whose lines are not filled. Raises SeatMissingError."""
    carriers = list_carriers(period)
    districts = districts_here(carriers)
    scope = scope_of_districts(districts)
    report, last = find_report(scope, str(period)), last_released(scope, period)
    standing = Standing(
        period=period,
        today=clock.today(),
        funding=funding_of(period, funding_periods()),
        last=Period.parse(last.period) if last else None,
        released=report is not None and report.state == ReportState.RELEASED.value,
        waiting=[each.name for each in carriers if each.confirmed_on is None],
        uncounted=[each.name for each in carriers if each.organisation_id in gaps],
    )
    return Outlook(scope, districts, tuple(carriers), standing, report)


def due_periods(scope: str) -> list[Period]:
    """The next quarter and the next year to report: those after the last release, else the last ones that ended."""
    today = clock.today()
    found = []
    for latest in (Period.of(today).before, Period(today.year).before):
        last = last_released(scope, latest)
        found.append(Period.parse(last.period).next if last else latest)
    return found
