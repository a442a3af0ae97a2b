"""Freezing a carrier's numbers, and typing last year's where nobody counted it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from caseapp import audit, clock
from caseapp.db import new_id, session
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.keyfigures import queries
from caseapp.keyfigures.models import (
    BeforeBox,
    FrozenBox,
    KeyfigureBefore,
    KeyfigureCount,
    KeyfigureFreeze,
    KeyfigureHandover,
)
from caseapp.keyfigures.rules.comparing import Change, against_last_year, differing_cells, since
from caseapp.keyfigures.rules.totals import Totals, pack
from caseapp.keyfigures.service.counting import check_year, is_running
from caseapp.places import queries as places
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission

_MOST = 10_000_000
_LONGEST = 1_000


@dataclass(frozen=True, slots=True)
class Late:
    """What came after the freeze: contacts recorded later, fields that differ, and how many numbers differ in all."""

    contacts: int
    changes: tuple[Change, ...]
    cells: int


def freeze(
    actor: Actor,
    count: KeyfigureCount,
    *,
    box_rev: int,
    comments: Mapping[str, str],
    reason: str = "",
    freeze_id: UUID | None = None,
) -> KeyfigureFreeze:
    """Confirm the counted numbers and hand their totals to the district; the first freeze, or a correction of it.

    Raises RuleError before the year has ended, ConflictError when it was counted again since the page showed it,
    RuleError on `comment_<field>` for a change of ±20 % without a reason, on `reason` for a correction without one.
    Sent twice, frozen once.
    """
    policy.require_in(actor, Permission.KENNZAHLEN_FREEZE, count.organisation_id)
    freeze_id = freeze_id or new_id()
    stored = session().get(KeyfigureFreeze, freeze_id)
    if stored is not None:
        return stored
    _require_counted(count, box_rev)
    totals = queries.totals_of(count.box)
    former = queries.find_freeze(count.organisation_id, count.year)
    if former is not None:
        _require_correction(queries.totals_of(former.box), totals, reason)
    before = queries.last_year(count.organisation_id, count.year)
    kept = _reasons(against_last_year(queries.book_of(count.year), totals, before), comments)
    box = FrozenBox(
        totals=pack(totals),
        before=before,
        comments=kept,
        reason=reason.strip()[:_LONGEST],
        carrier=places.get_organisation(count.organisation_id).profile.name,
    )
    made = KeyfigureFreeze(
        id=freeze_id,
        organisation_id=count.organisation_id,
        year=count.year,
        number=former.number + 1 if former else 1,
        frozen_by=actor.user_id,
        frozen_at=clock.now(),
        digest=totals.digest,
        box=box,
    )
    session().add(made)
    session().flush()
    _hand_over(made, totals)
    detail = audit.Detail(count=made.number, digest=made.digest, note=str(made.year))
    audit.record("keyfigure:freeze", organisation_id=made.organisation_id, detail=detail)
    return made


def is_over(year: int) -> bool:
    """Whether the year has ended: only then its numbers are whole."""
    return clock.today().year > year


def late_entries(count: KeyfigureCount, frozen: KeyfigureFreeze) -> Late:
    """What the present count knows more than the frozen one."""
    then, now = queries.totals_of(frozen.box), queries.totals_of(count.box)
    book = queries.book_of(count.year)
    newer = count.counted_at is not None and count.counted_at > frozen.frozen_at
    return Late(count.box.late if newer else 0, since(book, then, now), differing_cells(then, now))


def type_last_year(actor: Actor, organisation_id: UUID, year: int, numbers: Mapping[str, int | None]) -> None:
    """Keep last year's numbers from the paper of that year. Raises RuleError once that year is frozen here."""
    policy.require_in(actor, Permission.KENNZAHLEN_FREEZE, organisation_id)
    check_year(year)
    if queries.find_freeze(organisation_id, year) is not None:
        raise RuleError(_("Dieses Jahr ist hier gezählt und eingefroren. Es braucht keine Zahlen von Hand."))
    kept = {code: _number(code, value) for code, value in numbers.items() if value is not None}
    row = queries.find_before(organisation_id, year)
    if row is None:
        row = KeyfigureBefore(
            organisation_id=organisation_id, year=year, changed_at=clock.now(), box=BeforeBox(numbers={})
        )
        session().add(row)
    row.box, row.changed_at = BeforeBox(numbers=kept), clock.now()
    session().flush()
    audit.record("keyfigure:last_year", organisation_id=organisation_id, detail=audit.Detail(count=year))


def _number(code: str, value: int) -> int:
    if not 0 <= value <= _MOST:
        raise RuleError(_("Geben Sie eine ganze Zahl von 0 an ein."), field=f"before_{code}")
    return value


def _require_counted(count: KeyfigureCount, box_rev: int) -> None:
    if not is_over(count.year):
        raise RuleError(_("Das Jahr %(year)s ist noch nicht zu Ende. Einfrieren geht danach.", year=count.year))
    if count.counted_at is None or clock.local(count.counted_at).year <= count.year:
        raise RuleError(_("Lassen Sie das Jahr zuerst zählen, nachdem es zu Ende ist."))
    if count.box_rev != box_rev or is_running(queries.find_job(count.job_id)):
        raise ConflictError(_("Das Jahr wurde inzwischen neu gezählt. Sehen Sie sich die neuen Zahlen an."))


def _require_correction(former: Totals, present: Totals, reason: str) -> None:
    if former.as_dict() == present.as_dict():
        raise RuleError(_("Es hat sich keine Zahl geändert. Eine Korrektur ist nicht nötig."))
    if not reason.strip():
        raise RuleError(_("Schreiben Sie, warum die Zahlen korrigiert werden."), field="reason")


def _reasons(changes: tuple[Change, ...], comments: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    kept: list[tuple[str, str]] = []
    for change in changes:
        words = (comments.get(change.field.code) or "").strip()
        if change.needs_reason and not words:
            raise RuleError(
                _("%(field)s: Schreiben Sie, warum sich die Zahl so stark geändert hat.", field=change.field.de),
                field=f"comment_{change.field.code}",
            )
        if words:
            kept.append((change.field.code, words[:_LONGEST]))
    return tuple(kept)


def _hand_over(made: KeyfigureFreeze, totals: Totals) -> None:
    """The district gets the numbers of fields, never a breakdown."""
    session().add(
        KeyfigureHandover(
            organisation_id=made.organisation_id,
            freeze_id=made.id,
            year=made.year,
            number=made.number,
            frozen_at=made.frozen_at,
            digest=made.digest,
            box=FrozenBox(
                totals=pack(totals.without_breakdowns()),
                before=made.box.before,
                comments=made.box.comments,
                reason=made.box.reason,
                carrier=made.box.carrier,
            ),
        )
    )
    session().flush()
