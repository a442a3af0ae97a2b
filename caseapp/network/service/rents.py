"""Rent limits as dated data. Nothing is shipped and nothing guessed: somebody enters them with their source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from caseapp import clock
from caseapp.db import hold, new_id, session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries, rules
from caseapp.network.models import RentTable, RentTableText
from caseapp.network.service.doing import note, require_in_some_carrier
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class NewRentTable:
    """Limits in cents a month for one to five persons, and for each further one."""

    text: RentTableText
    valid_from: dt.date
    valid_to: dt.date | None
    limits: tuple[int, int, int, int, int]
    further: int


def add_rent_table(actor: Actor, new: NewRentTable, *, table_id: UUID | None = None) -> RentTable:
    """Add limits. Raises RuleError where they overlap others for the same place, or on a field."""
    require_in_some_carrier(actor, Permission.CODELIST_EDIT)
    table = RentTable(id=table_id or new_id(), state="valid", created_at=clock.now())
    _write(table, new)
    stored = stored_before(
        table, "text", "valid_from", "valid_to", "cents_1", "cents_2", "cents_3", "cents_4", "cents_5", "cents_further"
    )
    if stored is not None:
        return stored
    _require_room(table, new)
    session().add(table)
    session().flush()
    note("rent_limit:add", table)
    return table


def change_rent_table(actor: Actor, table: RentTable, new: NewRentTable, *, version: str) -> None:
    """Change limits, or end them. Raises ConflictError when somebody else changed them since `version`, RuleError."""
    require_in_some_carrier(actor, Permission.CODELIST_EDIT)
    hold(session(), "rent_table")
    session().refresh(table)
    if table.version != version:
        raise ConflictError(_("Diese Grenzen wurden inzwischen geändert."))
    _require_room(table, new)
    _write(table, new)
    session().flush()
    note("rent_limit:edit", table)


def strike_rent_table(actor: Actor, table: RentTable) -> None:
    """The limits were entered by mistake: they hold no longer, not for the past either."""
    require_in_some_carrier(actor, Permission.CODELIST_EDIT)
    if table.state == "valid":
        table.state = "struck"
        session().flush()
        note("rent_limit:strike", table)


def restore_rent_table(actor: Actor, table: RentTable) -> None:
    """Undo `strike_rent_table`. Raises RuleError where others have taken their place."""
    require_in_some_carrier(actor, Permission.CODELIST_EDIT)
    if table.state == "struck":
        _require_room(table, NewRentTable(table.text, table.valid_from, table.valid_to, table.limits, 0))
        table.state = "valid"
        session().flush()
        note("rent_limit:restore", table)


def _require_room(table: RentTable, new: NewRentTable) -> None:
    hold(session(), "rent_table")
    period = new.valid_from, new.valid_to
    for other in queries.list_rent_tables():
        shared = set(other.text.ags) & set(new.text.ags)
        if other.id != table.id and shared and rules.overlap(period, (other.valid_from, other.valid_to)):
            raise RuleError(
                _(
                    "Für denselben Ort gelten in dieser Zeit schon Grenzen („%(label)s“). Beenden Sie diese zuerst.",
                    label=other.text.label,
                ),
                field="valid_from",
            )


def _write(table: RentTable, new: NewRentTable) -> None:
    rules.check_rent_table(new.text.label, new.text.ags, new.text.source, (new.valid_from, new.valid_to), new.limits)
    table.valid_from, table.valid_to = new.valid_from, new.valid_to
    table.cents_1, table.cents_2, table.cents_3, table.cents_4, table.cents_5 = new.limits
    table.cents_further, table.text = new.further, new.text
