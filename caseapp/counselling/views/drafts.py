"""The forms of this slice whose input is kept while it is typed."""

from __future__ import annotations

from uuid import UUID

from flask import url_for

from caseapp.clients import queries as clients
from caseapp.counselling import queries, rules
from caseapp.drafts.forms import DraftForm
from caseapp.drafts.models import ClientDraft, Draft
from caseapp.errors import NotFoundError
from caseapp.i18n import lazy_gettext as _l
from caseapp.security.permissions import Permission

CONTACT, CHANGE, ACTIVITY = "contact", "contact_change", "activity"


def _saved_contact(draft_id: UUID) -> str | None:
    found = queries.find_contact(draft_id)
    if found is None:
        return None
    if found.state == queries.UNDONE:
        return url_for("clients.show", client_id=found.client_id)
    return url_for("counselling.edit", contact_id=found.id)


def _saved_change(draft_id: UUID) -> str | None:
    found = queries.find_change(draft_id)
    return url_for("counselling.edit", contact_id=found.contact_id) if found else None


def _saved_activity(draft_id: UUID) -> str | None:
    return url_for("counselling.activity") if queries.find_activity(draft_id) else None


def resume_contact(draft: Draft) -> str:
    """Where a begun contact is continued."""
    if not isinstance(draft, ClientDraft):
        raise NotFoundError
    return url_for("counselling.contact", client_id=draft.client_id, entwurf=draft.id)


def resume_change(draft: Draft) -> str:
    """Where a begun change of a contact is continued."""
    return url_for("counselling.edit", contact_id=draft.text.about, entwurf=draft.id)


def resume_activity(draft: Draft) -> str:
    """Where a begun activity is continued."""
    return url_for("counselling.activity", entwurf=draft.id)


DRAFT_FORMS = (
    DraftForm(
        CONTACT,
        Permission.CONTACT_WRITE,
        clients.get_client,
        _saved_contact,
        resume_contact,
        _l("Kontakt"),
        worth_keeping=rules.holds_content,
    ),
    DraftForm(
        CHANGE,
        Permission.CONTACT_WRITE,
        clients.get_client,
        _saved_change,
        resume_change,
        _l("Änderung eines Kontakts"),
    ),
    DraftForm(
        ACTIVITY, Permission.ADVICE_WRITE, None, _saved_activity, resume_activity, _l("Tätigkeit ohne Fallbezug")
    ),
)
