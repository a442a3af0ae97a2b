"""Hiding and showing codes for one carrier. Nothing can be added: figures must add up over the state."""

from __future__ import annotations

from uuid import UUID

from caseapp import audit
from caseapp.catalogue.models import HiddenCode
from caseapp.catalogue.queries import codes as queries
from caseapp.catalogue.rules import FIXED
from caseapp.db import session
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def hide_code(actor: Actor, organisation_id: UUID, name: str, code: str) -> None:
    """Forms of the carrier no longer offer the code; stored records keep it. Repeating it changes nothing.

    Raises RuleError for the last code of a list, NotFoundError for an unknown one.
    """
    _check(actor, organisation_id, name, code)
    if [each.code for each in queries.choices(name, organisation_id)] == [code]:
        raise RuleError(_("Ein Eintrag muss wählbar bleiben."))
    if queries.find_hidden(organisation_id, name, code) is None:
        session().add(HiddenCode(organisation_id=organisation_id, list_name=name, code=code))
        session().flush()
        _record("code:hide", organisation_id, name, code)


def show_code(actor: Actor, organisation_id: UUID, name: str, code: str) -> None:
    """Forms of the carrier offer the code again. Repeating it changes nothing."""
    _check(actor, organisation_id, name, code)
    hidden = queries.find_hidden(organisation_id, name, code)
    if hidden is not None:
        session().delete(hidden)
        session().flush()
        _record("code:show", organisation_id, name, code)


def _check(actor: Actor, organisation_id: UUID, name: str, code: str) -> None:
    policy.require_in(actor, Permission.CODELIST_EDIT, organisation_id)
    if name in FIXED or queries.catalogue().find(name, code) is None:
        raise NotFoundError


def _record(action: str, organisation_id: UUID, name: str, code: str) -> None:
    audit.record(action, organisation_id=organisation_id, detail=audit.Detail(note=f"{name}/{code}"))
