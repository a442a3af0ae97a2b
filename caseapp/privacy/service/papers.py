""" "Wer hat meine Akte gesehen" on paper: asked for on the page, printed by the job process, sealed with the file."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from caseapp import audit, clock, jobs
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.i18n import gettext as _
from caseapp.jobs import Job
from caseapp.places import queries as places
from caseapp.privacy.models import AccessPaper, PaperContent
from caseapp.privacy.queries.access import list_months
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

PAPER_JOB = "privacy:paper"


def order_paper(actor: Actor, client: Client) -> tuple[AccessPaper, Job]:
    """A paper that the job process prints after the commit. Only whoever may read the file holds it in the hand."""
    policy.require(actor, Permission.AUDIT_CLIENT_ACCESS, client)
    policy.require(actor, Permission.CLIENT_READ, client)
    paper = AccessPaper(
        client_id=client.id,
        organisation_id=client.organisation_id,
        made_by=actor.user_id,
        made_at=clock.now(),
        content=PaperContent(),
    )
    session().add(paper)
    session().flush()
    job = jobs.start(actor, PAPER_JOB, organisation_id=client.organisation_id, target_id=paper.id)
    paper.job_id = job.id
    session().flush()
    audit.record("access:paper", client_id=client.id)
    return paper, job


def print_paper(actor: Actor, paper_id: UUID, render: Callable[..., bytes]) -> None:
    """Print an ordered paper. Printed before: nothing. Raises NotFoundError when the file is gone or out of sight."""
    paper = session().get(AccessPaper, paper_id)
    if paper is None:
        raise NotFoundError
    client = clients.get_client(paper.client_id)
    policy.require(actor, Permission.AUDIT_CLIENT_ACCESS, client)
    if paper.content.pdf:
        return
    pdf = render(
        "access",
        carrier=places.get_organisation(client.organisation_id).profile.name,
        title=_("Wer hat meine Akte gesehen?"),
        name=client.head.full_name,
        own_script=client.head.own_script,
        file_number=client.file_number,
        made_on=clock.local(paper.made_at).date(),
        months=list_months(client),
    )
    paper.content = PaperContent(pdf=pdf)
    session().flush()
