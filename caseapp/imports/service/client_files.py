"""A row of a client list -> the file that it opens. What no field holds completely stays word for word."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from uuid import UUID

from caseapp import clock
from caseapp.clients.models import (
    BenefitFact,
    Birth,
    ClientBody,
    ClientHead,
    Fact,
    LanguageFact,
    Leftover,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.rules.names import is_damaged
from caseapp.clients.service import NewFact, NewFile
from caseapp.i18n import gettext as _
from caseapp.imports.rules.rows import CellText, ClientRow, keep_as_text
from caseapp.imports.rules.values.days import Day
from caseapp.imports.rules.values.reading import Mark, mark_label
from caseapp.imports.service.targets import Target

# Fields of a list that a file has no place for: their cells are kept as they are written.
_NO_PLACE = frozenset({"family", "file_number", "plan"})
_FARTHEST = dt.timedelta(days=366)
_ONLY_SHOWN = frozenset({Mark.NAME, Mark.FICTIVE})
# Marks that a file shows in a way of its own: at the name, and at the birth date.


def new_file(row: ClientRow, target: Target, worker_id: UUID | None) -> NewFile:
    """The file of this row. `worker_id`: whom of the team the list names; None: nobody who could be found."""
    kept = keep_as_text(row, _kept_fields(row, matched=worker_id is not None))
    return NewFile(
        organisation_id=target.organisation_id,
        team_id=target.team_id,
        worker_id=worker_id or target.fallback,
        head=head_of(row),
        body=_body(kept),
        facts=tuple(_facts(kept)),
        ags=kept.ags or None,
        opened_on=_exact(kept.counselled_since),
    )


def marks_of(row: ClientRow) -> tuple[str, ...]:
    """What is to be looked into, in German."""
    name = Mark.NAME in row.marks and not _is_damaged(row)
    own = [mark_label(mark) for mark in row.marks if mark not in _ONLY_SHOWN]
    return (*([_("Name prüfen")] if name else []), *own)


def needs_digest(row: ClientRow) -> bool:
    """Whether name and birth date cannot tell the person again: no birth date, or letters of the name are lost."""
    return head_of(row).birth.day is None or _is_damaged(row)


def digest_of(row: ClientRow) -> bytes:
    """The same for rows with the same cells: how a second import tells a person again whom nothing else tells."""
    cells = sorted((cell.heading, cell.text) for cell in (*row.taken, *row.leftovers))
    return hashlib.sha256(repr(cells).encode()).digest()[:16]


def _is_damaged(row: ClientRow) -> bool:
    return is_damaged(f"{row.last_name} {row.first_name}")


def _kept_fields(row: ClientRow, *, matched: bool) -> frozenset[str]:
    """Fields whose cells are kept as text because the file cannot say all that they say."""
    days = {"entered": row.entered, "allocated": row.allocated, "counselled_since": row.counselled_since}
    spans = {"title_from": row.title_from, "title_until": row.title_until, "housed_since": row.housed_since}
    kept = {name for name, day in (days | spans).items() if day is not None and day.exact is None}
    kept |= {name for name, day in spans.items() if name != "title_until" and day and _is_far(day.first)}
    if row.counselled_since and row.counselled_since.first > clock.today():
        kept.add("counselled_since")
    if _is_turned(row.title_from, row.title_until):
        kept |= {"title_from", "title_until"}
    if len(row.languages) > 1:
        kept.add("language")
    if not matched:
        kept.add("worker")
    if row.birth is not None and row.birth.exact is None:
        kept.add("birth")
    return _NO_PLACE | kept


def _is_far(day: dt.date) -> bool:
    return day > clock.today() + _FARTHEST


def _is_turned(first: Day | None, last: Day | None) -> bool:
    return first is not None and last is not None and last.last < first.first


def _exact(day: Day | None) -> dt.date | None:
    exact = day.exact if day else None
    return exact if exact and exact <= clock.today() else None


def head_of(row: ClientRow) -> ClientHead:
    """The head of the file; its search line is made when it is stored."""
    return ClientHead(
        family_name=row.last_name,
        given_names=row.first_name,
        birth=_birth(row),
        sex=row.sex,
        language=row.languages[0] if row.languages else "",
        phones=tuple(phone.e164 or phone.written for phone in row.phones),
        name_check=_is_damaged(row),
    )


def _birth(row: ClientRow) -> Birth:
    if row.birth is None:
        return Birth(text=row.birth_text)
    exact, written = row.birth.exact, row.birth_text or _written(row, "birth")
    if exact is not None:
        return Birth(day=exact, fictitious=(exact.day, exact.month) == (1, 1))
    if row.birth.month:
        return Birth(text=written or f"{row.birth.month:02d}.{row.birth.year}")
    return Birth(day=row.birth.first, year_only=True, text=written)


def _written(row: ClientRow, field: str) -> str:
    return next((cell.text for cell in row.taken if cell.field == field), "")


def _body(row: ClientRow) -> ClientBody:
    return ClientBody(
        nationalities=row.nationalities,
        literacy=row.literacy,
        email=row.email,
        entered_on=row.entered.exact if row.entered else None,
        au_since=row.allocated.exact if row.allocated else None,
        remarks=row.note,
        leftovers=leftovers_of(row.leftovers),
        marks=marks_of(row),
    )


def leftovers_of(cells: Iterable[CellText]) -> tuple[Leftover, ...]:
    """The cells as "Übernommene Angaben"."""
    return tuple(Leftover(heading=cell.heading, text=cell.text) for cell in cells)


def _facts(row: ClientRow) -> Iterable[NewFact]:
    if row.title or row.title_from or row.title_until:
        turned = _is_turned(row.title_from, row.title_until)
        first = row.title_from.first if row.title_from and not turned and not _is_far(row.title_from.first) else None
        last = row.title_until.last if row.title_until and not turned else None
        yield NewFact(fact=TitleFact(code=row.title), from_on=first, until_on=last)
    stay = _stay(row)
    if stay is not None:
        since = row.housed_since.first if row.housed_since and not _is_far(row.housed_since.first) else None
        yield NewFact(fact=stay, from_on=since)
    if row.level:
        yield _plain(LanguageFact(level=row.level))
    yield from (_plain(WorkFact(kind=code)) for code in row.employment)
    yield from (_plain(BenefitFact(kind=code)) for code in row.benefits)


def _stay(row: ClientRow) -> StayFact | None:
    street = f"{row.street} {row.house_number}".strip()
    if not (street or row.postcode or row.place or row.housing or row.housing_title or row.housed_since):
        return None
    return StayFact(
        form=row.housing,
        legal_title=row.housing_title,
        street=street,
        postcode=row.postcode,
        place=row.place,
        ags=row.ags,
    )


def _plain(fact: Fact) -> NewFact:
    return NewFact(fact=fact)
