"""Agreements in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from caseapp.agreements import queries
from caseapp.agreements.queries import VersionLine
from caseapp.agreements.rules import AgreementState
from caseapp.clients.frame import Opened
from caseapp.goals.queries import DONE, GoalView
from caseapp.i18n import gettext as _
from caseapp.i18n import ngettext
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.web import context


def state_badge(state: AgreementState) -> tuple[str, str]:
    """Kind and text of a badge."""
    match state:
        case AgreementState.DRAFTED:
            return "info", _("wird gedruckt")
        case AgreementState.PRESENTED:
            return "warning", _("vorgelegt, noch nicht unterschrieben")
        case AgreementState.SIGNED:
            return "success", _("unterschrieben, gilt")
        case AgreementState.DECLINED:
            return "plain", _("abgelehnt")
        case AgreementState.WITHDRAWN:
            return "plain", _("zurückgezogen")
        case _:
            return "plain", _("durch eine neuere ersetzt")


def way_text(way: str) -> str:
    """How somebody signed."""
    return {
        "drawn": _("auf dem Bildschirm unterschrieben"),
        "confirmed": _("in Anwesenheit bestätigt"),
        "paper": _("auf Papier unterschrieben"),
    }.get(way, "")


@dataclass(frozen=True, slots=True)
class Since:
    """What happened since the last version: the facts beside which the talk begins."""

    contacts: int
    steps_done: int
    changes: int
    since: dt.date

    @property
    def lines(self) -> list[str]:
        """The facts, each as a sentence."""
        return [
            ngettext("%(num)s Kontakt", "%(num)s Kontakte", self.contacts),
            ngettext("%(num)s Schritt erledigt", "%(num)s Schritte erledigt", self.steps_done),
            ngettext(
                "%(num)s Änderung bei Titel, Wohnen, Arbeit, Leistungen, Sprache",
                "%(num)s Änderungen bei Titel, Wohnen, Arbeit, Leistungen, Sprache",
                self.changes,
            ),
        ]


def since_then(opened: Opened, views: list[GoalView], day: dt.date) -> Since:
    """Contacts, finished steps and changed facts after that day; one statement more than the page has."""
    changed = [entry for entry in opened.entries if entry.created_at.date() > day and entry.cancelled_at is None]
    finished = [
        step for view in views for step in view.steps if step.state == DONE and step.done_on and step.done_on > day
    ]
    return Since(queries.count_contacts(opened.client.id, day), len(finished), len(changed), day)


def may_sign(opened: Opened) -> bool:
    """Whether the actor may lead the talk and sign."""
    return policy.allows(context.actor(), Permission.AGREEMENT_SIGN, opened.client)


def undecided_of(lines: list[VersionLine]) -> VersionLine | None:
    """The version that waits for an answer."""
    return next((line for line in lines if line.undecided), None)
