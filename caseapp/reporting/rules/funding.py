"""Funding periods as dated data: one statistics key each, and how long late entries are waited for."""

from __future__ import annotations

import csv
import datetime as dt
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from caseapp.errors import ConfigurationError
from caseapp.reporting.disclosure.keys import StatisticsKey
from caseapp.tallies.periods import Period

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class FundingPeriod:
    """A funding period from its first to its last day. `late_days`: after the end of a quarter or year."""

    code: str
    valid_from: dt.date
    valid_to: dt.date
    late_days: int

    def first_day(self, period: Period) -> dt.date:
        """The first day on which a report of the period may be built."""
        return period.last + dt.timedelta(days=self.late_days) + _DAY


def load_funding_periods(path: Path) -> tuple[FundingPeriod, ...]:
    """The shipped periods in order. Raises ConfigurationError where they overlap, leave a gap or are malformed."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found = [
                FundingPeriod(
                    row["code"],
                    dt.date.fromisoformat(row["valid_from"]),
                    dt.date.fromisoformat(row["valid_to"]),
                    int(row["late_days"]),
                )
                for row in csv.DictReader(file)
            ]
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigurationError(f"{path.name}: eine Zeile ist nicht lesbar.") from error
    ordered = tuple(sorted(found, key=lambda each: each.valid_from))
    for before, after in pairwise(ordered):
        if after.valid_from != before.valid_to + _DAY:
            raise ConfigurationError(f"{path.name}: {after.code} schließt nicht an {before.code} an.")
    if len({each.code for each in ordered}) != len(ordered) or any(
        not each.code or each.valid_to < each.valid_from or each.late_days < 0 for each in ordered
    ):
        raise ConfigurationError(f"{path.name}: ein Code fehlt oder steht zweimal da, oder ein Zeitraum ist leer.")
    return ordered


def funding_of(period: Period, known: Sequence[FundingPeriod]) -> FundingPeriod | None:
    """The funding period in which the last day of the period lies, or None."""
    return next((each for each in known if each.valid_from <= period.last <= each.valid_to), None)


def key_of(secret: bytes, funding: FundingPeriod) -> StatisticsKey:
    """The statistics key of a funding period: another one for each, all from the one secret of the ring.

    A new key is fresh noise. Within a period that would be something to average over; at its start it breaks the link
    between what was published under two grants.
    """
    return StatisticsKey(hmac.digest(secret, b"funding period|" + funding.code.encode(), "sha256"))
