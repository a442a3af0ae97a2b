"""Ordering a paper, and printing it in the job process."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock, jobs
from caseapp.clients import queries as clients
from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.jobs import Job
from caseapp.papers import queries
from caseapp.papers.models import Paper, PaperContent
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

PRINT_JOB = "papers:print"


@dataclass(frozen=True, slots=True)
class Order:
    """What a printer is asked for."""

    actor: Actor
    client: Client
    subject_id: UUID


# The PDF of what is ordered. It runs in a unit of the actor who ordered and asks the policy of its own slice. A named
# error of the house refuses; its German message stands on the waiting page.
Printer = Callable[[Order], bytes]


def order_paper(
    actor: Actor, client: Client, kind: str, subject_id: UUID, *, file_name: str, permission: Permission
) -> tuple[Paper, Job]:
    """A paper that the job process prints after the commit; `Area.page` hands the job over.

    `permission` is that of the act on which the paper rests. `file_name` ends in `.pdf` and tells nothing of the case.
    """
    policy.require(actor, permission, client)
    paper = Paper(
        client_id=client.id,
        organisation_id=client.organisation_id,
        kind=kind,
        subject_id=subject_id,
        file_name=file_name,
        made_by=actor.user_id,
        made_at=clock.now(),
        printed=False,
        content=PaperContent(),
    )
    session().add(paper)
    session().flush()
    job = jobs.start(actor, PRINT_JOB, organisation_id=client.organisation_id, target_id=paper.id)
    paper.job_id = job.id
    session().flush()
    audit.record("paper:order", client_id=client.id, detail=audit.Detail(note=kind))
    return paper, job


def print_paper(actor: Actor, paper_id: UUID, printers: Mapping[str, Printer]) -> None:
    """Print an ordered paper. Printed before: nothing. Raises NotFoundError when the file is gone or out of sight."""
    paper = queries.get_paper(paper_id)
    if paper.printed:
        return
    client = clients.get_client(paper.client_id)
    pdf = printers[paper.kind](Order(actor, client, paper.subject_id))
    paper.content = PaperContent(pdf=pdf, sha256=hashlib.sha256(pdf).hexdigest())
    paper.printed = True
    session().flush()
