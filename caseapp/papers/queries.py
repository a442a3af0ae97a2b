"""Finding papers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select

from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.papers.models import Paper


def get_paper(paper_id: UUID) -> Paper:
    """The paper, within what the actor may see. Raises NotFoundError."""
    paper = session().get(Paper, paper_id)
    if paper is None:
        raise NotFoundError
    return paper


def list_papers(kind: str, subject_ids: Collection[UUID]) -> Sequence[Paper]:
    """All papers of this kind about these records, the latest first; without their content."""
    if not subject_ids:
        return ()
    wanted = select(Paper).where(Paper.kind == kind, Paper.subject_id.in_(subject_ids))
    return session().scalars(wanted.order_by(Paper.made_at.desc(), Paper.id)).all()
