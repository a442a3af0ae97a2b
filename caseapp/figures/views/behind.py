"""The cases behind a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.accounts import queries as accounts
from caseapp.errors import NotFoundError
from caseapp.figures import queries
from caseapp.figures.queries import FigureCase, ListedFigureCase
from caseapp.figures.rules import cells as rules
from caseapp.figures.rules import hints
from caseapp.figures.service import Counted
from caseapp.figures.service.counting import DATA
from caseapp.figures.views import parts, shown
from caseapp.figures.views.area import area
from caseapp.i18n import gettext as _
from caseapp.indicators import queries as indicators
from caseapp.indicators.rules.definitions import Definition
from caseapp.security import policy
from caseapp.security.permissions import Permission
from caseapp.tallies import queries as tallies
from caseapp.tallies.courses import Course
from caseapp.tallies.periods import Period
from caseapp.web import context
from caseapp.web.templating import day_text

PAGE_ROWS = 50
# Numbers that say of a case no more than any list of the team does. What stands behind all others is a fact of the
# file: who may not read the file learns how many there are, not who.
_KNOWN_TO_THE_TEAM = frozenset({rules.CASES, rules.CONTACTS, rules.TIMES, rules.MINUTES, "I1"})
# How much somebody works: a list of it with the workers' names would be the comparison that needs an agreement.
_ABOUT_WORK = frozenset({rules.CONTACTS, rules.TIMES, rules.MINUTES})
# Where a missing field is entered: a part of the form of master data, or a history.
_IN_FILE = {"sex": "sex", "born": "birth", "nationality": "nationality", "place": "municipality"}


@dataclass(frozen=True, slots=True)
class Row:
    """A case behind a number. `href` "" where the person may not open the file; `fix` leads to what mends the hint."""

    name: str
    file_number: str
    href: str
    worker: str
    amount: str
    hint: str
    fix: str
    fix_label: str


@area.page("/zahlen/<figure>/<figure_class>", permission=Permission.FIGURES_EXACT)
def behind(figure: str, figure_class: str) -> ResponseReturnValue:
    """Who makes up a number. One read event names figure, period, how many, and a keyed digest of the cases."""
    scope, period = parts.reach(), parts.period()
    title, definition = _title(figure, figure_class, period)
    counted = parts.figures_of(scope, period)
    if counted is None:
        return redirect(parts.address("figures.counting", zeitraum=str(period)))
    actor = context.actor()
    if not counted.cases:
        counted.cases = queries.list_cases(actor, scope)
    amounts = counted.cells.parts(figure, figure_class)
    found = {counted.case_of[key].client_id: amount for key, amount in amounts.items() if key in counted.case_of}
    named = [case for case in counted.cases if case.client_id in found and _may_be_named(case, figure)]
    listed = queries.list_heads(named)
    number, pages = _page_number(len(listed))
    rows = listed[(number - 1) * PAGE_ROWS : number * PAGE_ROWS]
    detail = audit.Detail(
        note=f"{figure}/{figure_class} {period}",
        count=len(named),
        digest=audit.list_digest([case.client_id for case in named]),
    )
    audit.note_read("figures:list", organisation_id=scope.organisation_id, detail=detail)
    return render_template(
        "figures/behind.html",
        title=title,
        definition=definition,
        period_text=parts.period_text(period),
        total=_amount_text(figure, amounts.total()),
        persons=len(amounts),
        rows=_rows(rows, found, counted, definition, figure, figure_class),
        with_workers=scope.leads and figure not in _ABOUT_WORK,
        with_amounts=any(amount != 1 for amount in found.values()),
        amount_label=_amount_label(figure),
        unnamed=len(found) - len(named),
        gone=len(amounts) - len(found),
        first=(number - 1) * PAGE_ROWS + 1,
        last=min(number * PAGE_ROWS, len(listed)),
        listed=len(listed),
        number=number,
        pages=pages,
        page_href=lambda wanted: parts.address(
            "figures.behind", figure=figure, figure_class=figure_class, zeitraum=str(period), seite=wanted
        ),
        back=parts.address("figures.quality")
        if figure == DATA
        else parts.address("figures.index", zeitraum=str(period)),
        is_data=figure == DATA,
        made_at=shown.age(counted.made_at),
    )


def _title(figure: str, name: str, period: Period) -> tuple[str, Definition | None]:
    """What the list is called. Raises NotFoundError for a figure or class that there is not."""
    if figure == rules.CASES and name in shown.STOCK:
        return str(shown.STOCK[name]), None
    if figure in {rules.CONTACTS, rules.MINUTES}:
        label = _("Kontakte") if figure == rules.CONTACTS else _("Stunden in Kontakten")
        kind = "" if name == rules.ALL else shown.kind_text(name)
        if kind == name:  # no kind of the list
            raise NotFoundError
        return f"{label}: {kind}" if kind else label, None
    if figure == rules.TIMES and name in rules.parts_of(period, clock.today()):
        return _("Kontakte, %(part)s", part=name), None
    found = next(
        (each for each in indicators.list_definitions(min(period.last, clock.today())) if each.code == figure), None
    )
    if found is None or not _is_class(found, name):
        raise NotFoundError
    label = "" if name == rules.ALL else shown.class_label(found, name, shown.fields_of(period))
    return f"{shown.title_of(found)}: {label}" if label else shown.title_of(found), found


def _is_class(definition: Definition, name: str) -> bool:
    outcomes = {each.code for each in definition.outcomes}
    if definition.code == DATA:
        field, _dash, outcome = name.rpartition("-")
        return outcome in outcomes and field in shown.fields_of(Period.of(clock.today()))
    return name == rules.ALL or name in outcomes


def _may_be_named(case: FigureCase, figure: str) -> bool:
    if figure in _KNOWN_TO_THE_TEAM:
        return policy.allows(context.actor(), Permission.CLIENT_FIND, case)
    return policy.allows(context.actor(), Permission.CLIENT_READ, case)


def _page_number(total: int) -> tuple[int, int]:
    pages = max(1, -(-total // PAGE_ROWS))
    return min(max(1, request.args.get("seite", 1, type=int)), pages), pages


def _rows(
    listed: Sequence[ListedFigureCase],
    amounts: Mapping[UUID, int],
    counted: Counted,
    definition: Definition | None,
    figure: str,
    name: str,
) -> list[Row]:
    actor = context.actor()
    readable = {each.case.client_id for each in listed if policy.allows(actor, Permission.CLIENT_READ, each.case)}
    courses = counted.courses or tallies.courses_of(readable)
    workers = accounts.names_of({each.case.worker_id for each in listed if each.case.worker_id})
    rows = []
    for each in listed:
        client_id = each.case.client_id
        hint, fix, label = ("", "", "")
        if client_id in readable and client_id in courses:
            hint, fix, label = _hint(each.case, courses[client_id], counted, definition, figure, name)
        rows.append(
            Row(
                name=each.head.full_name if each.head else _("Akte %(number)s", number=each.file_number),
                file_number=each.file_number,
                href=url_for("clients.show", client_id=client_id) if client_id in readable else "",
                worker=workers.get(each.case.worker_id, "") if each.case.worker_id else _("noch nicht zugeteilt"),
                amount=_amount_text(figure, amounts[client_id]),
                hint=hint,
                fix=fix,
                fix_label=label,
            )
        )
    return rows


def _hint(
    case: FigureCase, course: Course, counted: Counted, definition: Definition | None, figure: str, name: str
) -> tuple[str, str, str]:
    """Why the case stands here, and the address and name of what mends it."""
    if figure in _ABOUT_WORK:
        late = hints.late_entries(course, counted.period, counted.until)
        return (_("%(number)s nach dem Ende des Zeitraums eingetragen", number=late) if late else "", "", "")
    if definition is None:
        return "", "", ""
    editable = policy.allows(context.actor(), Permission.CLIENT_EDIT, case)
    if figure == DATA:
        field, _dash, outcome = name.rpartition("-")
        said, history = "", field
        if field not in _IN_FILE:
            known = hints.last_known(course, field)
            said = _("zuletzt bestätigt am %(day)s", day=day_text(known)) if known else _("noch nie erfasst")
        return (said, *(_fix(case, history, missing=outcome == "missing") if editable else ("", "")))
    answer = next((each.answer for each in definition.outcomes if each.code == name), "")
    history = hints.history_of(definition.code)
    if answer != "unknown" or not history:
        return "", "", ""
    known = hints.last_known(course, history)
    said = (
        _("unbekannt: zuletzt bestätigt am %(day)s", day=day_text(known)) if known else _("unbekannt: noch nie erfasst")
    )
    return (said, *(_fix(case, history, missing=known is None) if editable else ("", "")))


def _fix(case: FigureCase, field: str, *, missing: bool) -> tuple[str, str]:
    if field in _IN_FILE:
        return url_for("clients.edit", client_id=case.client_id, _anchor=_IN_FILE[field]), _("Angabe eintragen")
    if missing:
        return url_for("clients.add_fact", client_id=case.client_id, kind=field), _("Stand eintragen")
    return url_for("clients.facts", client_id=case.client_id, _anchor=field), _("Stand bestätigen")


def _amount_text(figure: str, amount: int) -> str:
    return parts.hours_text(amount) if figure == rules.MINUTES else parts.number_text(amount)


def _amount_label(figure: str) -> str:
    return _("Stunden") if figure == rules.MINUTES else _("Anzahl")
