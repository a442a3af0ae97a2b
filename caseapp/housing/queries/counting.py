"""What the page of goals shows of the search for a flat."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import case, func, select

from caseapp import clock
from caseapp.db import session
from caseapp.housing.models import HousingApplication
from caseapp.housing.rules.states import State
from caseapp.i18n import gettext as _


def count_for_goals(client_id: UUID) -> list[tuple[str, int]]:
    """Applications, viewings up to today and flats that were promised, with their labels. One statement."""
    row = HousingApplication
    promised = row.state.in_((State.OFFERED, State.LET))
    applied, viewed, offered = (
        session()
        .execute(
            select(
                func.count(row.id),
                func.count(case((row.viewing_on <= clock.today(), row.id))),
                func.count(case((promised, row.id))),
            ).where(row.client_id == client_id)
        )
        .one()
    )
    return [(_("Bewerbungen um Wohnungen"), applied), (_("Besichtigungen"), viewed), (_("Zusagen"), offered)]
