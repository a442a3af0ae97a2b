"""One form makes one record: sent twice it is stored once, and what was changed in between is not lost."""

from __future__ import annotations

from typing import TypeVar

from caseapp.db.base import Base
from caseapp.db.unit import session
from caseapp.errors import AlreadyStoredError
from caseapp.i18n import gettext as _

_Record = TypeVar("_Record", bound=Base)


def stored_before(sent: _Record, *said: str) -> _Record | None:
    """The record that a form with the id of `sent` stored earlier, None when the id is free. `sent` is not added.

    Raises AlreadyStoredError when the stored record differs in one of the attributes `said`: the form was changed and
    sent again (after "back", or in a second tab), or the record was changed since.
    """
    stored = session().get(type(sent), sent.id)
    if stored is not None and any(getattr(stored, name) != getattr(sent, name) for name in said):
        raise AlreadyStoredError(
            _("Mit diesem Formular ist schon ein Eintrag gespeichert. Wenn Sie jetzt speichern, entsteht ein weiterer.")
        )
    return stored
