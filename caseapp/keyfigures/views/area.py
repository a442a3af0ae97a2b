"""The area of these pages, and what they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for

from caseapp import clock
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job, JobState
from caseapp.keyfigures import queries, service
from caseapp.keyfigures.rules.fields import Book
from caseapp.keyfigures.views.tables import whole
from caseapp.security import policy
from caseapp.security.actor import Role
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.area import Area

area = Area("keyfigures", __name__)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page knows: the carrier, the year, and what the person may do there."""

    carrier: UUID
    year: int
    book: Book
    asks: bool  # has own files in which something may be missing
    sees: bool
    freezes: bool
    collects: bool

    @property
    def names(self) -> bool:
        """Whether the person sees the numbers of single workers: who confirms or sends them, as the programme asks.

        A lead of a team does not: comparing people needs a Dienstvereinbarung (`figures`).
        """
        return self.freezes or self.collects

    def href(self, endpoint: str, **values: Any) -> str:
        """The address of another page for the same carrier and year."""
        if len(context.carriers(Permission.KENNZAHLEN_PREPARE)) > 1:
            values = {"traeger": self.carrier, **values}
        return url_for(f"keyfigures.{endpoint}", **{"jahr": self.year, **values})


def frame(permission: Permission = Permission.KENNZAHLEN_PREPARE) -> Frame:
    """The carrier and year of this request. Raises NotFoundError for a carrier or a year that is not there."""
    actor, carrier = context.actor(), context.organisation_id(permission)
    year = request.args.get("jahr", service.default_year(clock.today()), type=int)
    try:
        book = queries.book_of(service.check_year(year))
    except RuleError:
        raise NotFoundError from None
    return Frame(
        carrier=carrier,
        year=year,
        book=book,
        asks=any(duty.organisation_id == carrier for duty in actor.duties_as(Role.CASEWORKER)),
        sees=service.sees_carrier(actor, carrier),
        freezes=policy.allows_in(actor, Permission.KENNZAHLEN_FREEZE, carrier),
        collects=policy.allows_in(actor, Permission.KENNZAHLEN_COLLECT, carrier),
    )


def page(template: str, frame_: Frame, active: str, **values: Any) -> str:
    """The page with the parts of the Kennzahlen above it."""
    missing = values.pop("missing", None)
    if missing is None and frame_.asks:
        missing = len(service.open_questions(context.actor(), frame_.carrier, frame_.year))
    return render_template(
        f"keyfigures/{template}.html",
        frame=frame_,
        active=active,
        missing=missing or 0,
        carriers=context.carriers(Permission.KENNZAHLEN_PREPARE),
        years=range(clock.today().year, max(service.FIRST_YEAR, clock.today().year - 4) - 1, -1),
        whole=whole,
        **values,
    )


def status_of(job: Job) -> dict[str, object]:
    """How far a job is, for its page and for the script that asks."""
    if job.state == JobState.WAITING:
        return {"done": 0, "total": 0, "note": _("Gleich geht es los.")}
    steps = {
        service.COUNT: (_("Die Fälle werden gelesen."), _("Die Zahlen werden gebildet.")),
        service.FILL: (_("Die Vorlage wird ausgefüllt."), _("Der Druck entsteht.")),
    }
    notes = (*steps[job.kind], _("Das Ergebnis wird gespeichert."))
    return {"done": job.done, "total": job.total, "note": notes[min(job.done, len(notes) - 1)]}


def failure_of(job: Job | None) -> str:
    """Why the last job failed; "" if it did not."""
    return job.message if job is not None and job.state == JobState.FAILED else ""
