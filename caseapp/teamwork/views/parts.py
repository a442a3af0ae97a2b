"""What the pages of teamwork share: choices of workers, assigning several files with a way back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from flask import url_for

from caseapp.accounts import queries as accounts
from caseapp.clients import queries as clients
from caseapp.errors import RuleError
from caseapp.i18n import ngettext
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.teamwork import queries, service
from caseapp.teamwork.forms import AssignManyForm
from caseapp.teamwork.queries import LedTeam, ListedTeamCase
from caseapp.web import context, undo
from caseapp.web.messages import tell

ASSIGNED = "assign"
QUEUE = "-"
# The way back names every file; more would not fit into the address of its button.
_MOST_UNDONE = 50


def waiting_duties() -> int:
    """How many duties wait for a second person, for the tab that leads to them."""
    return len(accounts.list_waiting_duties(policy.organisations(context.actor(), Permission.MEMBERSHIP_CONFIRM)))


def worker_choices(teams: Collection[LedTeam], *, but: UUID | None = None) -> dict[str, str]:
    """Who can be given files, by name, with the present load."""
    return {
        str(person.user_id): ngettext(
            "%(name)s – %(num)s offener Fall", "%(name)s – %(num)s offene Fälle", number, name=person.name
        )
        for person, number in queries.list_loads(teams)
        if person.user_id != but
    }


def assign_form(
    cases: Sequence[ListedTeamCase], teams: Collection[LedTeam], *, but: UUID | None = None
) -> AssignManyForm:
    """The form over a list of cases."""
    ids = {str(each.case.client_id): each.case.file_number for each in cases}
    return AssignManyForm(choices={"client": ids, "worker": worker_choices(teams, but=but)})


def assign_many(actor: Actor, form: AssignManyForm, before: UUID | None) -> bool:
    """Assign what the form says and offer the way back. False: a refusal stands on the form."""
    ids = [UUID(text) for text in form.client.data or ()]
    worker_id = UUID(form.worker.data)
    try:
        for client_id in ids:
            service.assign_client(actor, clients.get_client(client_id), worker_id)
    except RuleError as refusal:
        form.refuse(refusal)
        return False
    say_assigned(ids, before, worker_id)
    return True


def say_assigned(ids: Sequence[UUID], before: UUID | None, worker_id: UUID) -> None:
    """Tell how many files were assigned, with a button that takes it back."""
    text = ngettext("%(num)s Akte zugewiesen.", "%(num)s Akten zugewiesen.", len(ids))
    if len(ids) > _MOST_UNDONE:
        tell(text)
        return
    token = undo.sign(ASSIGNED, before.hex if before else QUEUE, worker_id.hex, *(each.hex for each in ids))
    tell(text, undo=url_for("teamwork.unassign", token=token))
