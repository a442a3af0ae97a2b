"""The person on whose behalf code runs, with the duties that give rights."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from uuid import UUID


class Role(enum.StrEnum):
    """A duty inside an organisation. One person may hold several, each with its own dates."""

    CASEWORKER = "caseworker"
    LEAD = "lead"
    COORDINATOR = "coordinator"
    FUNDER = "funder"
    DPO = "dpo"
    ADMIN = "admin"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Duty:
    """One active membership. `team_id` None means the whole organisation.

    `professional_lead` is the mark "fachliche Leitung": only with it a lead opens files (roles.md, row 2).
    """

    organisation_id: UUID
    role: Role
    team_id: UUID | None = None
    professional_lead: bool = False


@dataclass(frozen=True, slots=True)
class Openings:
    """The clients opened to a person one by one.

    `granted`: the person works with the file (cover, co-work, protection). `asked`: a lead is asked to agree that the
    protection of the file ends; that shows who the client is, and opens nothing. `notes`: a lead has opened the notes
    with a reason, for 24 hours; that makes nobody a worker of the case.
    """

    granted: frozenset[UUID] = frozenset()
    asked: frozenset[UUID] = frozenset()
    notes: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person. `granted`, `asked` and `notes` are clients opened to this person one by one (`Openings`).

    `carriers` are the names of the organisations, in the order of the duties, for the head of the page.
    `must_change_password`: somebody else knows the password, so no page opens before it is changed.
    """

    user_id: UUID
    name: str
    duties: tuple[Duty, ...]
    granted: frozenset[UUID] = frozenset()
    asked: frozenset[UUID] = frozenset()
    notes: frozenset[UUID] = frozenset()
    carriers: tuple[str, ...] = ()
    must_change_password: bool = False

    def duties_as(self, *roles: Role) -> tuple[Duty, ...]:
        """The duties in one of `roles`, in stable order."""
        return tuple(duty for duty in self.duties if duty.role in roles)

    @property
    def organisation_ids(self) -> frozenset[UUID]:
        """The organisations in which the person has any duty."""
        return frozenset(duty.organisation_id for duty in self.duties)
