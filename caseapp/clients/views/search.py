"""The search: posted from every page, so that no name stands in an address, a log or a referrer."""

from __future__ import annotations

from typing import NamedTuple

from flask import render_template, request
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.accounts import queries as accounts
from caseapp.clients.frame.texts import born_text
from caseapp.clients.queries.search import Found, Hit, search_people, term_digest
from caseapp.clients.rules.matching import REASON_LABELS
from caseapp.clients.rules.names import LONGEST_TEXT
from caseapp.clients.views.area import area
from caseapp.clients.views.lines import Line, Lines
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.forms import RESTORED

_MOST_SHOWN = 10_000  # a whole file pasted by mistake need not travel back


class ShownHit(NamedTuple):
    """One hit as the page shows it. `line.id` is "" where the actor may not open the file."""

    line: Line
    number: str
    born: str
    reasons: tuple[str, ...]
    closed: bool
    may_contact: bool


@area.page("/suche", permission=Permission.CLIENT_FIND, methods=("GET", "POST"), only_reads=True)
def search() -> ResponseReturnValue:
    """Find a person by name in any spelling, birth date, file number or telephone number.

    One read event holds the number of hits and a keyed digest of the words.
    """
    actor = context.actor()
    text, too_long = typed_text()
    problem = too_long or _empty(text)
    if request.method == "GET" or RESTORED in request.form or problem:
        return _page(text, problem=problem if request.method == "POST" else "")
    found = search_people(actor, text)
    if not found.searchable:
        return _page(text, problem=_("Darin steht nichts, wonach sich suchen lässt. Versuchen Sie es mit einem Namen."))
    audit.note_read("client:search", detail=audit.Detail(count=found.total, digest=term_digest(text)))
    return _page(text, found=found, hits=shown_hits(actor, found.hits))


def typed_text() -> tuple[str, str]:
    """What was posted to be looked for, in single blanks, and the message for a text that is too long, else ""."""
    text = " ".join(request.form.get("q", "").split())
    if len(text) <= LONGEST_TEXT:
        return text, ""
    said = _("Der Text ist zu lang. Suchen Sie mit höchstens %(most)s Zeichen.", most=LONGEST_TEXT)
    if len(text) > _MOST_SHOWN:
        said += " " + _("Vom Text stehen hier noch die ersten %(shown)s Zeichen.", shown=_MOST_SHOWN)
    return text[:_MOST_SHOWN], said


def _empty(text: str) -> str:
    return "" if text else _("Geben Sie einen Namen, ein Geburtsdatum, eine Telefonnummer oder ein Aktenzeichen ein.")


def _page(
    text: str, *, problem: str = "", found: Found | None = None, hits: list[ShownHit] | None = None
) -> ResponseReturnValue:
    page = render_template("clients/search.html", search_text=text, problem=problem, found=found, hits=hits or [])
    return page, 422 if problem else 200


def shown_hits(actor: Actor, hits: tuple[Hit, ...]) -> list[ShownHit]:
    """The hits as pages show them, in their order."""
    lines, today = Lines(clock.today()), clock.today()
    workers = accounts.names_of({hit.record.worker_id for hit in hits if hit.record.worker_id})
    shown = []
    for hit in hits:
        record, head = hit.record, hit.head
        readable = policy.allows(actor, Permission.CLIENT_READ, record)
        line = lines.named(head, record.file_number, str(record.client_id) if readable else "")
        shown.append(
            ShownHit(
                line=line._replace(worker=workers.get(record.worker_id, "") if record.worker_id else ""),
                number=record.file_number,
                born=born_text(head.birth, today) if head else "",
                reasons=tuple(_(REASON_LABELS[reason]) for reason in hit.reasons),
                closed=record.closed,
                may_contact=policy.allows(actor, Permission.CONTACT_WRITE, record),
            )
        )
    return shown
