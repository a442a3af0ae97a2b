"""Why the report of a period cannot be built yet: every reason as a sentence that says what to do. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from caseapp.i18n import gettext as _
from caseapp.reporting.rules.funding import FundingPeriod
from caseapp.reporting.rules.labels import period_label
from caseapp.tallies.periods import Period


@dataclass(frozen=True)
class Standing:
    """What is known before anything is counted. `last`: the latest released period of the same kind.

    `waiting` are the names of the carriers that have not confirmed, `uncounted` those whose figures are not filled.
    """

    period: Period
    today: dt.date
    funding: FundingPeriod | None
    last: Period | None = None
    released: bool = False
    waiting: Sequence[str] = ()
    uncounted: Sequence[str] = ()


def hindrances(standing: Standing) -> list[str]:
    """All reasons against building, the one that decides first; none: it may begin."""
    if standing.released:
        return [_("Der Bericht ist freigegeben. Eine zweite Freigabe gibt es nicht; schreiben Sie einen Hinweis dazu.")]
    order = order_problem(standing.period, standing.last)
    return [*_of_days(standing), *([order] if order else []), *_of_carriers(standing)]


def _of_days(standing: Standing) -> list[str]:
    if standing.funding is None:
        return [
            _(
                "Für %(period)s ist kein Förderzeitraum hinterlegt. Ergänzen Sie ihn in "
                "config/reporting/funding_periods.csv.",
                period=period_label(standing.period),
            )
        ]
    first = standing.funding.first_day(standing.period)
    if standing.today < first:
        return [
            _(
                "%(period)s ist noch offen: Nachträge sind bis %(last)s möglich. Ab %(first)s kann gebaut werden.",
                period=period_label(standing.period),
                last=_day(first - dt.timedelta(days=1)),
                first=_day(first),
            )
        ]
    return []


def order_problem(period: Period, last: Period | None) -> str:
    """Why the period does not follow the one released last; "" if it does."""
    if last is None or period == last.next:
        return ""
    if period <= last:
        return _(
            "%(period)s liegt vor dem zuletzt freigegebenen Bericht (%(last)s) oder ist es. Berichte werden der Reihe "
            "nach freigegeben, jeder einmal.",
            period=period_label(period),
            last=period_label(last),
        )
    return _(
        "Zuerst ist %(next)s an der Reihe: Zwischen zwei freigegebenen Berichten darf keiner fehlen.",
        next=period_label(last.next),
    )


def _of_carriers(standing: Standing) -> list[str]:
    found = []
    if standing.uncounted:
        found.append(
            _(
                "Die Zählung ist nicht vollständig bei: %(carriers)s. Führen Sie „caseapp report rebuild“ aus.",
                carriers=", ".join(standing.uncounted),
            )
        )
    if standing.waiting:
        found.append(_("Noch nicht als vollständig bestätigt: %(carriers)s.", carriers=", ".join(standing.waiting)))
    return found


def _day(day: dt.date) -> str:
    return day.strftime("%d.%m.%Y")
