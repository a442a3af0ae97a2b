"""The caseload list: views with counts, sorted and paged in memory, from one statement for rows and one for keys."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from caseapp import clock
from caseapp.clients.models import Caseload, Client, ClientHead
from caseapp.clients.queries.heads import SealedHead, open_heads
from caseapp.clients.rules.caseload import Order, View, in_view
from caseapp.clients.rules.collation import sort_key
from caseapp.db import session
from caseapp.security.actor import Actor

PAGE_ROWS = 50
# Of these views most cases have no day at all: they are counted among those that have one.
_SELDOM = (View.REVIEW, View.PAPERS_END, View.ANSWER)
_NARROW_VIEWS = tuple(view for view in View if view not in {View.MINE, View.TEAM, *_SELDOM})


class OpenCase(msgspec.Struct, frozen=True, gc=False):
    """An open case as every list knows it; satisfies what the policy asks of a client record."""

    client_id: UUID
    head_rev: int
    head_blob: bytes
    organisation_id: UUID
    team_id: UUID
    worker_id: UUID | None
    protected: bool
    file_number: str
    opened_on: dt.date
    last_contact_on: dt.date | None
    next_step_on: dt.date | None
    title_ends_on: dt.date | None
    review_on: dt.date | None
    release_ends_on: dt.date | None
    answer_due_on: dt.date | None

    @property
    def closed(self) -> bool:
        """Closed files stand in no list."""
        return False


class Case(OpenCase, frozen=True, gc=False):
    """An open case as the caseload shows it."""

    ags: str | None


class ListedCase(msgspec.Struct, frozen=True, gc=False):
    """A case with its head; `head` is None where it is not readable."""

    case: Case
    head: ClientHead | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be shown. `language` and `ags` narrow the list; `page` counts from 1 and is kept within the list."""

    view: View = View.MINE
    order: Order = Order.NAME
    descending: bool = False
    language: str = ""
    ags: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadPage:
    """One page of the list. `counts` of the own views are those before narrowing; the team's only where it was read.

    `languages` and `municipalities` are the codes that occur in the view.
    """

    view: View
    cases: Sequence[ListedCase]
    counts: dict[View, int]
    total: int
    number: int
    pages: int
    languages: frozenset[str]
    municipalities: frozenset[str]


def list_caseload(actor: Actor, wish: Wish) -> CaseloadPage:
    """The page of open cases that the wish asks for. Two statements, whatever the rows, inside one carrier."""
    today = clock.today()
    cases = _cases(actor, team=wish.view is View.TEAM)
    own = [case for case in cases if _is_own(case, actor)]
    counts: dict[View, int] = {view: _number(own, view, today) for view in _NARROW_VIEWS}
    dated = [case for case in own if case.review_on or case.release_ends_on or case.answer_due_on]
    counts |= {view: _number(dated, view, today) for view in _SELDOM}
    counts[View.MINE] = len(own)
    if wish.view is View.TEAM:
        counts[View.TEAM] = len(cases)
    belongs = in_view(wish.view)
    shown = cases if wish.view is View.TEAM else [case for case in own if belongs(case, today)]
    listed = _opened(shown, actor)
    narrowed = sorted(_narrowed(listed, wish), key=_KEYS[wish.order], reverse=wish.descending)
    pages = max(1, -(-len(narrowed) // PAGE_ROWS))
    number = min(max(1, wish.page), pages)
    return CaseloadPage(
        view=wish.view,
        cases=narrowed[(number - 1) * PAGE_ROWS : number * PAGE_ROWS],
        counts=counts,
        total=len(narrowed),
        number=number,
        pages=pages,
        languages=frozenset(each.head.language for each in listed if each.head and each.head.language),
        municipalities=frozenset(case.ags for case in shown if case.ags),
    )


def find_row(client_id: UUID) -> Caseload | None:
    """What is kept of one client, within what the actor may see."""
    return session().scalars(select(Caseload).where(Caseload.client_id == client_id)).one_or_none()


def list_own_cases(actor: Actor) -> list[ListedCase]:
    """All open cases of the actor, granted ones too, with their heads, by name. Two statements."""
    return sorted(_opened(_cases(actor, team=False), actor), key=_by_name)


def _number(cases: Iterable[Case], view: View, today: dt.date) -> int:
    belongs = in_view(view)
    return sum(belongs(case, today) for case in cases)


def _cases(actor: Actor, *, team: bool) -> list[Case]:
    if team:
        rows = session().execute(_all_cases())
    elif actor.granted:
        own = or_(Client.worker_id == actor.user_id, Client.id.in_(actor.granted))
        rows = session().execute(_all_cases().where(own))
    else:
        rows = session().execute(_cases_of_worker(), {"worker_id": actor.user_id})
    return [Case(*row) for row in rows.all()]


@cache
def _cases_of_worker() -> Select[*tuple[Any, ...]]:
    return _all_cases().where(Client.worker_id == bindparam("worker_id"))


@cache
def _all_cases() -> Select[*tuple[Any, ...]]:
    return select_open_cases(Client.ags)


def select_open_cases(*more: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    """The rows of `OpenCase` in the order of its fields, then `more`, by file number."""
    return (
        select(
            Client.id,
            Client.head_rev,
            Client.head_blob,
            Client.organisation_id,
            Client.team_id,
            Client.worker_id,
            Client.protected,
            Client.file_number,
            Client.opened_on,
            Caseload.last_contact_on,
            Caseload.next_step_on,
            Caseload.title_ends_on,
            Caseload.review_on,
            Caseload.release_ends_on,
            Caseload.answer_due_on,
            *more,
        )
        .join(Caseload, Caseload.client_id == Client.id)
        .where(Client.closed_on.is_(None))
        .order_by(Client.file_number, Client.id)
    )


def _is_own(case: Case, actor: Actor) -> bool:
    return case.worker_id == actor.user_id or case.client_id in actor.granted


def _opened(cases: Sequence[Case], actor: Actor) -> list[ListedCase]:
    sealed = [SealedHead(case.client_id, case.head_rev, case.head_blob) for case in cases]
    heads = open_heads(sealed, actor.organisation_ids)
    return [ListedCase(case, heads[case.client_id]) for case in cases]


def _narrowed(listed: Iterable[ListedCase], wish: Wish) -> Iterable[ListedCase]:
    if wish.ags:
        listed = [each for each in listed if each.case.ags == wish.ags]
    if wish.language:
        listed = [each for each in listed if each.head and each.head.language == wish.language]
    return listed


def _by_name(each: ListedCase) -> tuple[Any, ...]:
    if each.head is None:
        return (True, each.case.file_number)
    return (False, *sort_key(each.head.family_name, each.head.given_names or each.head.own_script))


def _by_day(day_of: Callable[[Case], dt.date | None], missing: dt.date) -> Callable[[ListedCase], tuple[Any, ...]]:
    return lambda each: (day_of(each.case) or missing, each.case.file_number)


# Without a next step or an end of the title: at the end. Without any contact: first, as if it were very long ago.
_KEYS: dict[Order, Callable[[ListedCase], tuple[Any, ...]]] = {
    Order.NAME: _by_name,
    Order.LAST_CONTACT: _by_day(lambda case: case.last_contact_on, dt.date.min),
    Order.NEXT_STEP: _by_day(lambda case: case.next_step_on, dt.date.max),
    Order.TITLE_END: _by_day(lambda case: case.title_ends_on, dt.date.max),
}
