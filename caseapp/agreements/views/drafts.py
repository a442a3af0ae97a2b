"""The form of this slice whose input is kept while it is typed: a half-done talk is not lost."""

from __future__ import annotations

from uuid import UUID

from flask import url_for

from caseapp.agreements import queries
from caseapp.clients import queries as clients
from caseapp.drafts.forms import DraftForm
from caseapp.drafts.models import ClientDraft, Draft
from caseapp.drafts.rules import Fields
from caseapp.errors import NotFoundError
from caseapp.i18n import lazy_gettext as _l
from caseapp.security.permissions import Permission

TALK = "agreement_talk"
# The rest of the form is filled from the file: it alone is no talk.
_SAID = ("result", "_score", "done", "_step", "-own_words", "-wording", "note", "helpers", "keep_all")


def _saved(draft_id: UUID) -> str | None:
    return url_for("agreements.show", agreement_id=draft_id) if queries.find_agreement(draft_id) else None


def _resume(draft: Draft) -> str:
    if not isinstance(draft, ClientDraft):
        raise NotFoundError
    return url_for("agreements.talk", client_id=draft.client_id, entwurf=draft.id)


def _worth_keeping(fields: Fields) -> bool:
    return any(value.strip() and name.endswith(_SAID) for name, value in fields)


DRAFT_FORMS = (
    DraftForm(
        TALK,
        Permission.AGREEMENT_SIGN,
        clients.get_client,
        _saved,
        _resume,
        _l("Gespräch zur Vereinbarung"),
        worth_keeping=_worth_keeping,
    ),
)
