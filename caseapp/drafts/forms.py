"""What a form needs so that its input is kept: an id of its own and the revision of its draft."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from werkzeug.datastructures import MultiDict
from wtforms.fields import HiddenField

from caseapp.drafts.models import Draft
from caseapp.drafts.rules import Fields
from caseapp.security.permissions import Permission
from caseapp.security.policy import ClientRecord
from caseapp.web.forms import CreateForm

REGISTRY = "caseapp_draft_forms"


@dataclass(frozen=True, slots=True)
class DraftForm:
    """A form whose input is kept; the factory collects those of all slices.

    `permission` is what saving the form needs. `find_client` loads the client file (NotFoundError); None for forms
    without one. `saved_at` is the address of the record that was saved under a draft's id, None while there is none.
    `resume` is the address that opens the form with the draft's text. `label` says in lists what is being written.
    `worth_keeping` says whether fields hold more than the form's own defaults: looking at a form leaves no draft.
    """

    name: str
    permission: Permission
    find_client: Callable[[UUID], ClientRecord] | None
    saved_at: Callable[[UUID], str | None]
    resume: Callable[[Draft], str]
    label: str
    worth_keeping: Callable[[Fields], bool] = bool


class DraftedForm(CreateForm):
    """A form that creates something and loses nothing: `form_id` is the id of its draft and of its record."""

    draft_rev = HiddenField()

    def show_draft(self, draft: Draft) -> None:
        """Let the page go on where the draft stands (made with `formdata=fields_of(draft)`)."""
        self.form_id.data = draft.id
        self.draft_rev.data = str(draft.text_rev)

    def renew(self) -> None:
        super().renew()
        self.draft_rev.data = ""


def fields_of(draft: Draft) -> MultiDict[str, str]:
    """The draft's fields as a form reads them."""
    return MultiDict(draft.text.fields)
