"""The quality of data: what is missing or old in the own cases, field by field."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.figures.service import Counted
from caseapp.figures.service.counting import DATA
from caseapp.figures.views import parts, shown
from caseapp.figures.views.area import area
from caseapp.security.permissions import Permission
from caseapp.tallies.periods import Period


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field: how many cases it is asked of, how many have it, how many are old or missing."""

    label: str
    asked: int
    current: int
    outdated: int
    missing: int
    outdated_href: str
    missing_href: str

    @property
    def open_share(self) -> str:
        """The share of cases in which there is something to do."""
        return parts.share_text(self.outdated + self.missing, self.asked)


@area.page("/zahlen/datenlage", permission=Permission.FIGURES_EXACT)
def quality() -> ResponseReturnValue:
    """Which fields are missing or were not confirmed for 180 days, with the way to the cases; no names of workers."""
    scope, period = parts.reach(), Period.of(clock.today())
    counted = parts.figures_of(scope, period)
    if counted is None:
        return redirect(parts.address("figures.counting", zeitraum=str(period)))
    lines = [_line(counted, field, label) for field, label in shown.fields_of(period).items()]
    audit.note_read("figures:quality", organisation_id=scope.organisation_id, detail=audit.Detail(count=len(lines)))
    return render_template(
        "figures/quality.html",
        lines=[line for line in lines if line.asked],
        scope_text=parts.scope_text(scope),
        counted=counted,
        made_at=shown.age(counted.made_at),
        address=parts.address,
    )


def _line(counted: Counted, field: str, label: str) -> FieldLine:
    numbers = {
        outcome: counted.cells.number(DATA, f"{field}-{outcome}") for outcome in ("current", "outdated", "missing")
    }
    link = shown.behind(counted.period)
    return FieldLine(
        label=label,
        asked=sum(numbers.values()),
        **numbers,
        outdated_href=link(DATA, f"{field}-outdated"),
        missing_href=link(DATA, f"{field}-missing"),
    )
