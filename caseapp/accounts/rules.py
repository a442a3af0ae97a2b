"""Pure rules of accounts: passwords, throttling, time-outs, active duties."""

from __future__ import annotations

import datetime as dt
import enum
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext
from caseapp.security.actor import Role

LONGEST_NAME = 120
MINIMUM_PASSWORD_LENGTH = 12
MAXIMUM_PASSWORD_LENGTH = 200
ROLE_LABELS = {
    Role.CASEWORKER: lazy_gettext("Integrationsmanagement"),
    Role.LEAD: lazy_gettext("Teamleitung"),
    Role.COORDINATOR: lazy_gettext("Koordination im Landkreis"),
    Role.FUNDER: lazy_gettext("Fördergeber"),
    Role.DPO: lazy_gettext("Datenschutz"),
    Role.ADMIN: lazy_gettext("Administration"),
    Role.GUEST: lazy_gettext("Gast"),
}
# What an administrator can enter; guests of an exchange meeting are invited there.
GRANTABLE = (Role.CASEWORKER, Role.LEAD, Role.COORDINATOR, Role.FUNDER, Role.DPO, Role.ADMIN)
# Control characters and halves of characters.
_NO_TEXT = frozenset({"Cc", "Cs"})
_CASEWORK = frozenset({Role.CASEWORKER, Role.LEAD})
THROTTLE_WINDOW = dt.timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 30


class DutyState(enum.StrEnum):
    """Where a membership stands on a day."""

    ACTIVE = "active"
    UPCOMING = "upcoming"
    WAITING = "waiting"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Clocks:
    """When a web session ends: after `idle` without a request, and `absolute` after the sign-in at the latest."""

    idle: dt.timedelta
    absolute: dt.timedelta

    def alive(self, *, created_at: dt.datetime, seen_at: dt.datetime, now: dt.datetime) -> bool:
        """Whether a session with these times still stands at `now`. A clock set back ends it."""
        return created_at <= now < created_at + self.absolute and now < seen_at + self.idle


def password_problem(password: str, *, login: str, name: str) -> str | None:
    """Why the password is refused, as a German sentence, or None. Length counts, not kinds of signs (BSI ORP.4)."""
    if len(password) < MINIMUM_PASSWORD_LENGTH:
        return _("Das Kennwort braucht mindestens %(n)s Zeichen.", n=MINIMUM_PASSWORD_LENGTH)
    if len(password) > MAXIMUM_PASSWORD_LENGTH:
        return _(
            "Das Kennwort darf höchstens %(n)s Zeichen haben.",
            n=MAXIMUM_PASSWORD_LENGTH,
        )
    folded = password.casefold()
    if len(set(folded)) < 5:
        return _("Das Kennwort wiederholt zu wenige Zeichen. Wählen Sie zum Beispiel vier Wörter.")
    parts = [part for part in (login, *name.split()) if len(part) >= 4]
    if any(part.casefold() in folded for part in parts):
        return _("Das Kennwort darf Ihren Namen nicht enthalten.")
    return None


def name_problem(text: str) -> str | None:
    """Why this cannot be the name or the sign-in name of a person, as a German sentence, or None."""
    if len(text) > LONGEST_NAME:
        return _("Höchstens %(n)s Zeichen.", n=LONGEST_NAME)
    if any(unicodedata.category(sign) in _NO_TEXT for sign in text):
        return _("Der Name enthält Zeichen, die nicht zu einem Text gehören. Tippen Sie ihn neu.")
    return None


def throttled(failures: int, window_start: dt.datetime, *, limit: int, now: dt.datetime) -> bool:
    """Whether further attempts are refused for now."""
    return failures >= limit and now < window_start + THROTTLE_WINDOW


def duty_active(*, confirmed: bool, valid_from: dt.date, valid_to: dt.date | None, today: dt.date) -> bool:
    """Whether a membership gives rights on this day: confirmed by a second person, and within its dates."""
    return confirmed and valid_from <= today and (valid_to is None or today <= valid_to)


def duty_state(*, confirmed: bool, valid_from: dt.date, valid_to: dt.date | None, today: dt.date) -> DutyState:
    """Where a membership stands. One that ended before it was confirmed has been withdrawn: it is over, not waiting."""
    if valid_to is not None and valid_to < today:
        return DutyState.ENDED
    if not confirmed:
        return DutyState.WAITING
    return DutyState.UPCOMING if valid_from > today else DutyState.ACTIVE


def pair_suffices(requester: Collection[Role], confirmer: Collection[Role]) -> bool:
    """Whether these two people together may give a duty: a lead and an administrator, whoever of them begins."""
    return (Role.LEAD in requester and Role.ADMIN in confirmer) or (Role.ADMIN in requester and Role.LEAD in confirmer)


def clashing_role(wanted: Role, held: Collection[Role]) -> Role | None:
    """The role in the same carrier that excludes `wanted`, or None.

    Whoever runs accounts or checks data protection (Art. 38(6) DSGVO: no conflict of interests) works with no files.
    """
    apart = {
        Role.ADMIN: _CASEWORK | {Role.DPO},
        Role.DPO: _CASEWORK | {Role.ADMIN},
        Role.CASEWORKER: frozenset({Role.ADMIN, Role.DPO}),
        Role.LEAD: frozenset({Role.ADMIN, Role.DPO}),
    }.get(wanted, frozenset())
    return next((role for role in held if role in apart), None)
