"""Offers of landlords. A dwelling is let once: who comes second is told so, and nothing is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from caseapp import clock
from caseapp.db import new_id, session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import rules
from caseapp.network.models import Dwelling, DwellingText
from caseapp.network.service.doing import alone, note, require_in_some_carrier
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

OFFERED, RESERVED, LET, WITHDRAWN = "offered", "reserved", "let", "withdrawn"


@dataclass(frozen=True, slots=True)
class NewDwelling:
    """What is offered. Money in cents a month, the deposit once; rooms times two; None where unknown."""

    landlord_id: UUID | None
    ags: str
    text: DwellingText
    rent_cold_cents: int | None
    rent_ancillary_cents: int | None = None
    rent_heating_cents: int | None = None
    deposit_cents: int | None = None
    half_rooms: int | None = None
    square_metres: int | None = None
    available_on: dt.date | None = None
    persons_min: int = 1
    persons_max: int | None = None
    barrier_free: bool = False


_SAID = (
    "landlord_id",
    "ags",
    "text",
    "rent_cold_cents",
    "rent_ancillary_cents",
    "rent_heating_cents",
    "deposit_cents",
    "half_rooms",
    "square_metres",
    "available_on",
    "persons_min",
    "persons_max",
    "barrier_free",
)


def add_dwelling(actor: Actor, new: NewDwelling, *, dwelling_id: UUID | None = None) -> Dwelling:
    """Add an offer. `dwelling_id` is that of the form.

    Raises RuleError on the field concerned, AlreadyStoredError where the form has stored another one before.
    """
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    dwelling = Dwelling(id=dwelling_id or new_id(), state=OFFERED, created_at=clock.now())
    _write(dwelling, new)
    stored = stored_before(dwelling, *_SAID)
    if stored is not None:
        return stored
    session().add(dwelling)
    session().flush()
    note("dwelling:add", dwelling)
    return dwelling


def change_dwelling(actor: Actor, dwelling: Dwelling, new: NewDwelling, *, version: str) -> None:
    """Change an offer. Raises ConflictError when somebody else changed it since `version`, RuleError on a field."""
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    alone(dwelling)
    if dwelling.version != version:
        raise ConflictError(_("Dieses Angebot wurde inzwischen geändert."))
    _write(dwelling, new)
    session().flush()
    note("dwelling:edit", dwelling)


def move_dwelling(actor: Actor, dwelling: Dwelling, state: str, *, carrier_id: UUID) -> None:
    """Offer, reserve, withdraw. Raises RuleError for a dwelling that was let or withdrawn meanwhile."""
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    _move(dwelling, state, carrier_id)
    note(f"dwelling:{state}", dwelling)


def let_dwelling(actor: Actor, dwelling: Dwelling, *, carrier_id: UUID) -> None:
    """The dwelling is let. Raises RuleError where it is let already, or withdrawn: nobody lets it twice."""
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    _move(dwelling, LET, carrier_id)
    note("dwelling:let", dwelling)


def reopen_dwelling(actor: Actor, dwelling: Dwelling, state: str, *, carrier_id: UUID) -> None:
    """Undo `let_dwelling`: free or reserved as before. Raises RuleError when it is no longer let by this carrier."""
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    alone(dwelling)
    if dwelling.state != LET or dwelling.held_by_id != carrier_id:
        raise RuleError(_("Der Stand der Wohnung wurde inzwischen geändert. Das lässt sich nicht mehr zurücknehmen."))
    dwelling.state = state
    dwelling.held_by_id = carrier_id if state == RESERVED else None
    session().flush()
    note("dwelling:reopen", dwelling)


def _move(dwelling: Dwelling, state: str, carrier_id: UUID) -> None:
    alone(dwelling)
    rules.check_state(dwelling.state, state)
    dwelling.state = state
    dwelling.held_by_id = carrier_id if state in {RESERVED, LET} else None
    session().flush()


def _write(dwelling: Dwelling, new: NewDwelling) -> None:
    cold = rules.check_rent(new.rent_cold_cents, "rent_cold", needed=True)
    rules.check_persons(new.persons_min, new.persons_max)
    dwelling.rent_cold_cents = cold
    dwelling.rent_ancillary_cents = rules.check_rent(new.rent_ancillary_cents, "rent_ancillary")
    dwelling.rent_heating_cents = rules.check_rent(new.rent_heating_cents, "rent_heating")
    dwelling.deposit_cents = rules.check_deposit(rules.check_rent(new.deposit_cents, "deposit"), cold)
    dwelling.landlord_id, dwelling.ags = new.landlord_id, new.ags or None
    dwelling.half_rooms, dwelling.square_metres = new.half_rooms, new.square_metres
    dwelling.available_on, dwelling.barrier_free = new.available_on, new.barrier_free
    dwelling.persons_min, dwelling.persons_max = new.persons_min, new.persons_max
    dwelling.text = new.text
