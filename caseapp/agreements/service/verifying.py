"""Whether the stored versions are what they were: content, chain and papers are recomputed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from uuid import UUID

import msgspec

from caseapp import audit
from caseapp.agreements import queries
from caseapp.agreements.queries import StoredContent, VersionLine
from caseapp.agreements.rules import Terms, canonical, digest_of, read_terms
from caseapp.clients.models import Client
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.security.vault import UnreadableError


@dataclass(frozen=True, slots=True)
class Checked:
    """One version. `paper` is None while it has none; `content` False also where the content cannot be opened."""

    line: VersionLine
    content: bool
    chain: bool
    paper: bool | None

    @property
    def unchanged(self) -> bool:
        """Whether everything that is there is what it was."""
        return self.content and self.chain and self.paper is not False


def verify(actor: Actor, client: Client) -> list[Checked]:
    """Recompute every version of the client, the oldest first. The number of statements does not hang on the rows."""
    policy.require(actor, Permission.CLIENT_READ, client)
    stored = queries.list_contents(client.id)
    noted = queries.paper_digests(client.id)
    papers = queries.list_paper_contents([each.line.paper_id for each in stored if each.line.paper_id])
    digests = {each.line.number: each.line.digest for each in stored}
    checked = [_checked(each, digests, noted, papers) for each in stored]
    audit.note_read("agreement:verify", client_id=client.id, detail=audit.Detail(count=len(checked)))
    return checked


def _checked(
    each: StoredContent, digests: dict[int, str], noted: dict[UUID, str], papers: dict[UUID, bytes | None]
) -> Checked:
    terms = _terms(each)
    chain = terms is not None and (
        terms.replaces is None or digests.get(terms.replaces.number) == terms.replaces.digest
    )
    paper = None
    if each.line.id in noted:
        pdf = papers.get(each.line.paper_id) if each.line.paper_id else None
        paper = pdf is not None and hashlib.sha256(pdf).hexdigest() == noted[each.line.id]
    return Checked(each.line, content=terms is not None, chain=chain, paper=paper)


def _terms(each: StoredContent) -> Terms | None:
    """The content, if it is in canonical form, has the digest of its row and is the version that the row says."""
    if each.text is None:
        return None
    try:
        terms = read_terms(each.text.canonical)
    except (msgspec.MsgspecError, UnreadableError):
        return None
    same = (
        digest_of(each.text.canonical) == each.line.digest
        and canonical(terms) == each.text.canonical
        and (terms.number, terms.made_on, terms.review_on) == (each.line.number, each.line.made_on, each.line.review_on)
    )
    return terms if same else None
