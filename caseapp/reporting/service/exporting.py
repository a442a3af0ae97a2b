"""Handing out the files of a release, and saying of a file whether it is one of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from caseapp import audit
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.reporting import queries
from caseapp.reporting.models import Report, ReportFile
from caseapp.reporting.queries import proofs
from caseapp.reporting.rules import file_list
from caseapp.reporting.rules.naming import LIST, file_name
from caseapp.reporting.rules.package import Released
from caseapp.reporting.rules.verification import Beside, Kind, Verdict, file_digest, kind_of, verify
from caseapp.reporting.service.acting import require
from caseapp.reporting.service.collecting import listed_keys
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.security.signing import public_key_of, sign_with


def hand_out(actor: Actor, release: Report, kind: str) -> ReportFile | None:
    """The file of this kind, with its content; None while it is not made. Who took which file is recorded."""
    organisation_id = require(actor, Permission.REPORT_READ)
    found = queries.find_file(release.id, kind)
    if found is not None:
        audit.note_read(
            "report:download",
            organisation_id=organisation_id,
            detail=audit.Detail(note=release.number, reason=kind, digest=found.digest),
        )
    return found


def export(actor: Actor, release: Report, kind: str, make: Callable[[Released], bytes]) -> bytes:
    """The bytes of the stored file, or freshly made ones where it is not made yet."""
    found = hand_out(actor, release, kind)
    if found is not None:
        return found.content.data
    content = make(queries.released(release))
    audit.note_read(
        "report:download",
        organisation_id=require(actor, Permission.REPORT_READ),
        detail=audit.Detail(note=release.number, reason=kind, digest=file_digest(content)),
    )
    return content


def sign_list(actor: Actor, release: Report) -> bytes:
    """The signed list of the files that are made, by name. RuleError while there are none."""
    organisation_id = require(actor, Permission.REPORT_READ)
    files = {file_name(release.number, each.kind): each.digest for each in queries.list_files(release.id)}
    if not files:
        raise RuleError(_("Die Dateien dieses Berichts sind noch nicht entstanden."))
    secret = session().info["keystore"].keyring.secret_or_new("report")
    audit.note_read(
        "report:download", organisation_id=organisation_id, detail=audit.Detail(note=release.number, reason=LIST)
    )
    return file_list.write(
        release.number, release.digest, files, public_key_of(secret).hex(), partial(sign_with, secret)
    )


@dataclass(frozen=True)
class Checked:
    """What was found out about a file, and the release of this installation that it belongs to, if it does."""

    verdict: Verdict
    release: Report | None


def check_file(actor: Actor, content: bytes, name: str, key: str = "") -> Checked:
    """Whether a file of a report is genuine. FileError if it is none.

    A PDF is compared by its bytes with those made here; everything else proves itself, whoever released it.
    """
    require(actor, Permission.REPORT_READ)
    kept = proofs.find_file_by_digest(file_digest(content))
    if kind_of(content, name) is Kind.PDF:
        release = queries.get_release(kept.report_id) if kept is not None else None
        problems = () if release else (_not_ours(),)
        return Checked(Verdict(Kind.PDF, None, problems, confirmed=release is not None), release)
    verdict = verify(content, name=name, beside=Beside(key=key))
    found = verdict.released
    release = proofs.find_release_by_digest(found.digest) if found else None
    if found is not None and verdict.genuine and _knows(found, release):
        # Whose key it is was the open question; here it is known.
        remarks = tuple(each for each in verdict.remarks if found.public_key not in each)
        verdict = replace(verdict, remarks=remarks, confirmed=True)
    return Checked(verdict, release)


def _knows(found: Released, release: Report | None) -> bool:
    """Whether the key is that of this installation's release, or a listed one of the Kreis."""
    if release is not None and release.proof.public_key == found.public_key:
        return True
    return found.public_key in listed_keys().get(found.package.scope, ())


def _not_ours() -> str:
    return _(
        "Dieses PDF ist nicht Byte für Byte eines, das hier entstanden ist. Es kann verändert, neu gespeichert oder "
        "der Bericht einer anderen Stelle sein. „caseapp report verify“ vergleicht seinen Text mit dem Bericht."
    )
