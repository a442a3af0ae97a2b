"""`caseapp search`: the search of the pages, for scripts."""

from __future__ import annotations

import click
import msgspec

from caseapp import audit
from caseapp.accounts import queries as accounts
from caseapp.cli.runtime import actor_for, services
from caseapp.clients.queries.search import Hit, search_people, term_digest
from caseapp.clients.rules.matching import REASON_LABELS
from caseapp.clients.rules.names import LONGEST_TEXT
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.permissions import Permission


@click.command()
@click.argument("text")
@click.option("--as", "login", default=None, help="Anmeldename, für den gesucht wird")
@click.option("--json", "as_json", is_flag=True, help="Ergebnis als JSON-Liste")
def search(text: str, login: str | None, *, as_json: bool) -> None:
    """Personen suchen: Name in jeder Schreibweise, Geburtsdatum, Telefon, Aktenzeichen."""
    with services() as opened:
        actor = actor_for(opened, login)
        if not policy.may(actor, Permission.CLIENT_FIND):
            raise RuleError(_("Dieses Konto darf keine Personen suchen."))
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise RuleError(_("Geben Sie 1 bis %(most)s Zeichen ein, nach denen gesucht wird.", most=LONGEST_TEXT))
        with opened.database.unit(actor, write=False) as unit:
            found = search_people(actor, text)
            audit.note_read("client:search", detail=audit.Detail(count=found.total, digest=term_digest(text)))
            workers = accounts.names_of({hit.record.worker_id for hit in found.hits if hit.record.worker_id})
        audit.write_pending(opened.database, unit)
    rows = [_row(hit, workers.get(hit.record.worker_id, "") if hit.record.worker_id else "") for hit in found.hits]
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2))
        return
    for row in rows:
        click.echo("\t".join(str(row[name] or "") for name in ("file_number", "name", "birth_date", "worker")))
    if not rows:
        click.echo(_("Niemand gefunden."), err=True)


def _row(hit: Hit, worker: str) -> dict[str, object]:
    head = hit.head
    return {
        "id": str(hit.record.client_id),
        "file_number": hit.record.file_number,
        "name": head.full_name if head else _("nicht lesbar"),
        "birth_date": head.birth.day.isoformat() if head and head.birth.day else None,
        "worker": worker,
        "reasons": [_(REASON_LABELS[reason]) for reason in hit.reasons],
        "score": round(hit.score, 4),
    }
