"""The texts of one row of a client list, made once, so that the template only prints them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple
from uuid import UUID

from flask import url_for

from caseapp import i18n
from caseapp.catalogue import queries as catalogue
from caseapp.clients.models import Birth, ClientHead
from caseapp.clients.queries.caseload import Case, ListedCase
from caseapp.clients.rules.ages import age_on
from caseapp.clients.rules.caseload import is_overdue, title_ends, without_contact
from caseapp.i18n import gettext as _
from caseapp.places.queries import municipality_name

_NOBODY = UUID(int=0)
_MANY_DAYS = 60


class Line(NamedTuple):
    """One row. `id` is "" where the actor may not open the file; the days are texts, with marks for what is late."""

    id: str
    name: str
    own_script: str
    note: str
    language: str
    place: str = ""
    last: str = ""
    ago: str = ""
    stale: bool = False
    step: str = ""
    late: bool = False
    title: str = ""
    title_note: str = ""
    title_over: bool = False
    worker: str = ""


class Lines:
    """Makes rows for one page: words, labels and days are looked up once, not once a row."""

    def __init__(self, today: dt.date) -> None:
        self._today = today
        self._locale = i18n.current_locale()
        self._labels: dict[str, str] = {}
        self._places: dict[str | None, str] = {}
        self._unreadable = _("nicht lesbar")
        self._words = {
            "today": _("heute"),
            "yesterday": _("gestern"),
            "days": _("vor %(days)s Tagen"),
            "months": _("vor %(months)s Monaten"),
            "never": _("noch kein Kontakt"),
            "over": _("abgelaufen"),
            "left": _("noch %(days)s Tage"),
            "year": _("Jg. %(year)s"),
        }

    def own(self, listed: ListedCase) -> Line:
        """The full row of a case that the actor may open."""
        case, today = listed.case, self._today
        ends = case.title_ends_on
        over = ends is not None and ends < today
        return self.named(listed.head, case.file_number, str(case.client_id))._replace(
            place=self._place(case.ags),
            last=day(case.last_contact_on),
            ago=self._ago(case.last_contact_on),
            stale=without_contact(case, today),
            step=day(case.next_step_on),
            late=is_overdue(case, today),
            title=day(ends),
            title_note=self._title_note(case),
            title_over=over,
        )

    def colleagues(self, listed: ListedCase, workers: Mapping[UUID, str], *, readable: bool) -> Line:
        """Head and worker only: what everybody in the team may know of a case."""
        case = listed.case
        worker = workers.get(case.worker_id, "") if case.worker_id else ""
        return self.named(listed.head, case.file_number, str(case.client_id) if readable else "")._replace(
            worker=worker
        )

    def named(self, head: ClientHead | None, number: str, link: str) -> Line:
        """Name, file number, birth and language: what everybody may know who may find the person."""
        if head is None:
            return Line(id=link, name=self._unreadable, own_script="", note=number, language="")
        name = head.full_name
        return Line(
            id=link,
            name=name,
            own_script=head.own_script if head.own_script != name else "",
            note=" · ".join(filter(None, (number, self._born(head.birth)))),
            language=self._language(head),
        )

    def _born(self, birth: Birth) -> str:
        if birth.day is None:
            return birth.text
        year = self._words["year"] % {"year": birth.day.year}
        age = age_on(birth.day, self._today)
        return f"{year} (~{age})" if birth.year_only or birth.fictitious else f"{year} ({age})"

    def _language(self, head: ClientHead) -> str:
        code = head.language
        if code not in self._labels:
            self._labels[code] = catalogue.label("languages", code, self._today)
        return self._labels[code]

    def _place(self, ags: str | None) -> str:
        if ags not in self._places:
            self._places[ags] = municipality_name(ags)
        return self._places[ags]

    def _ago(self, last: dt.date | None) -> str:
        if last is None:
            return self._words["never"]
        days = (self._today - last).days
        if days <= 0:
            return self._words["today"]
        if days == 1:
            return self._words["yesterday"]
        if days <= _MANY_DAYS:
            return self._words["days"] % {"days": days}
        return self._words["months"] % {"months": round(days / 30.4)}

    def _title_note(self, case: Case) -> str:
        if case.title_ends_on is None or not title_ends(case, self._today):
            return ""
        days = (case.title_ends_on - self._today).days
        return self._words["left"] % {"days": days} if days >= 0 else self._words["over"]


def day(value: dt.date | None) -> str:
    """`03.12.2026`, or "" for none."""
    return f"{value.day:02}.{value.month:02}.{value.year}" if value else ""


def link_around(endpoint: str) -> tuple[str, str]:
    """What stands before and after the client's id in the address of a page: one look-up for a whole list."""
    before, _id, after = url_for(endpoint, client_id=_NOBODY).partition(str(_NOBODY))
    return before, after
