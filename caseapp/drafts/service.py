"""Keeping drafts.

No audit events here: a draft is the author's own, unread by anybody else, and the record that it becomes is recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from caseapp import clock
from caseapp.db import session
from caseapp.drafts import queries, rules
from caseapp.drafts.models import ClientDraft, Draft, DraftText, OfficeDraft
from caseapp.errors import ConflictError, NotFoundError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


@dataclass(frozen=True, slots=True)
class Written:
    """What a page sends: the form's name, the fields as posted, and the revision of the draft that the page knows.

    `base_rev` None: the page knows of no draft yet. `about`: id of the record that is being changed.
    """

    form: str
    draft_id: UUID
    fields: rules.Fields
    base_rev: int | None = None
    about: str = ""


def save_draft(
    actor: Actor,
    written: Written,
    *,
    permission: Permission,
    client: policy.ClientRecord | None = None,
    organisation_id: UUID | None = None,
) -> Draft:
    """Keep what was typed so far; `text_rev` of the answer is the new revision.

    `permission` is the one that saving the form needs: for `client`, else in the organisation. Raises ConflictError
    where another page has saved a newer revision, RuleError for a text too long, NotFoundError for somebody else's id.
    """
    if client is not None:
        policy.require(actor, permission, client)
    else:
        policy.require_in(actor, permission, _organisation(organisation_id))
    text = DraftText(fields=rules.kept_fields(written.fields), about=written.about)
    draft = queries.find_draft(actor.user_id, written.draft_id)
    if draft is None:
        return _new(actor, written, text, client, organisation_id)
    if draft.text_rev != written.base_rev:
        raise ConflictError(_("Dieser Entwurf wurde in einem anderen Fenster weitergeschrieben."))
    draft.discarded_at = None
    draft.saved_at = clock.now()
    draft.text = text
    session().flush()
    return draft


def discard_draft(actor: Actor, draft_id: UUID) -> Draft:
    """Put the draft away. It can be brought back for ten minutes, then it is gone."""
    draft = queries.get_draft(actor.user_id, draft_id)
    now = clock.now()
    draft.discarded_at = now
    for old in queries.list_discarded_before(actor.user_id, now - rules.UNDO):
        session().delete(old)
    session().flush()
    return draft


def bring_back(actor: Actor, draft_id: UUID) -> Draft:
    """Undo `discard_draft`. Raises NotFoundError when the ten minutes are over."""
    draft = queries.find_draft(actor.user_id, draft_id)
    if draft is None or draft.discarded_at is None or not rules.can_bring_back(draft.discarded_at, clock.now()):
        raise NotFoundError
    draft.discarded_at = None
    session().flush()
    return draft


def drop_on_save(draft_id: UUID, *, client_bound: bool = True) -> None:
    """Delete the draft in the transaction that saves its record; there may be none."""
    table: type[ClientDraft | OfficeDraft] = ClientDraft if client_bound else OfficeDraft
    session().execute(delete(table).where(table.id == draft_id))


def _organisation(organisation_id: UUID | None) -> UUID:
    if organisation_id is None:
        raise NotFoundError
    return organisation_id


def _new(
    actor: Actor,
    written: Written,
    text: DraftText,
    client: policy.ClientRecord | None,
    organisation_id: UUID | None,
) -> Draft:
    values = {
        "id": written.draft_id,
        "user_id": actor.user_id,
        "form": written.form,
        "saved_at": clock.now(),
        "text": text,
    }
    draft: Draft
    if client is not None:
        draft = ClientDraft(client_id=client.client_id, organisation_id=client.organisation_id, **values)
    else:
        draft = OfficeDraft(organisation_id=_organisation(organisation_id), **values)
    session().add(draft)
    try:
        session().flush()
    except IntegrityError:
        # The id belongs to somebody else's draft: it answers as a missing one.
        raise NotFoundError from None
    return draft
