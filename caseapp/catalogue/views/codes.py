"""Pages of the code lists: what the forms offer, and what the carrier hides of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock, i18n
from caseapp.catalogue import queries, service
from caseapp.catalogue.rules import FIXED, LIST_TITLES, Code
from caseapp.catalogue.views.area import area
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

VIEWS = ("alle", "gueltig", "verborgen", "abgelaufen")


@dataclass(frozen=True, slots=True)
class ShownCode:
    """A row of a list as the page shows it. `state`: valid, hidden, past or future."""

    code: Code
    label: str
    state: str


@area.page("/verwaltung/codelisten", permission=Permission.CODELIST_EDIT)
def lists() -> ResponseReturnValue:
    """All lists with the number of their codes."""
    organisation_id = context.organisation_id(Permission.CODELIST_EDIT)
    hidden = queries.hidden_codes(organisation_id)
    shown = [
        (name, title, len({row.code for row in queries.rows_of(name)}), len(hidden.get(name, ())))
        for name, title in _titles().items()
    ]
    return render_template("catalogue/lists.html", lists=shown, **_carrier(organisation_id))


@area.page("/verwaltung/codelisten/<name>", permission=Permission.CODELIST_EDIT)
def codes(name: str) -> ResponseReturnValue:
    """The codes of one list with their validity."""
    organisation_id = context.organisation_id(Permission.CODELIST_EDIT)
    hidden = queries.hidden_codes(organisation_id).get(name, frozenset())
    rows = [_shown(row, hidden) for row in queries.rows_of(name)]
    view = request.args.get("ansicht", "alle")
    return render_template(
        "catalogue/codes.html",
        name=name,
        title=_titles()[name],
        fixed=name in FIXED,
        rows=[row for row in rows if _in_view(row, view)],
        counts={each: sum(_in_view(row, each) for row in rows) for each in VIEWS},
        view=view if view in VIEWS else "alle",
        **_carrier(organisation_id),
    )


@area.page("/verwaltung/codelisten/<name>/<code>/verbergen", permission=Permission.CODELIST_EDIT, methods=("POST",))
def hide(name: str, code: str) -> ResponseReturnValue:
    """Take a code out of the carrier's forms."""
    organisation_id = context.organisation_id(Permission.CODELIST_EDIT)
    try:
        service.hide_code(context.actor(), organisation_id, name, code)
    except RuleError as refusal:
        tell(str(refusal), "danger")
    else:
        _say(_("Verborgen. Formulare bieten den Eintrag nicht mehr an."), "catalogue.show", name, code)
    return redirect(_address("catalogue.codes", name=name))


@area.page("/verwaltung/codelisten/<name>/<code>/zeigen", permission=Permission.CODELIST_EDIT, methods=("POST",))
def show(name: str, code: str) -> ResponseReturnValue:
    """Put a hidden code back into the carrier's forms."""
    service.show_code(context.actor(), context.organisation_id(Permission.CODELIST_EDIT), name, code)
    _say(_("Formulare bieten den Eintrag wieder an."), "catalogue.hide", name, code)
    return redirect(_address("catalogue.codes", name=name))


def _say(text: str, back: str, name: str, code: str) -> None:
    undo = _address(back, name=name, code=code)
    tell(text, undo=undo)


def _address(endpoint: str, **values: Any) -> str:
    return url_for(endpoint, traeger=request.args.get("traeger"), **values)


def _carrier(organisation_id: UUID) -> dict[str, object]:
    carriers = context.carriers(Permission.CODELIST_EDIT)
    return {"organisation_id": organisation_id, "carriers": carriers, "address": _address}


def _titles() -> dict[str, str]:
    """Name and title of every shipped list, by title; a list without one is shown by its name."""
    titles = {name: str(LIST_TITLES.get(name, name)) for name in queries.catalogue().names()}
    return dict(sorted(titles.items(), key=lambda pair: pair[1].casefold()))


def _shown(row: Code, hidden: frozenset[str]) -> ShownCode:
    today = clock.today()
    if row.valid_to is not None and row.valid_to < today:
        state = "past"
    elif row.valid_from is not None and row.valid_from > today:
        state = "future"
    else:
        state = "hidden" if row.code in hidden else "valid"
    return ShownCode(row, row.label(i18n.current_locale()), state)


def _in_view(row: ShownCode, view: str) -> bool:
    match view:
        case "gueltig":
            return row.state == "valid"
        case "verborgen":
            return row.state == "hidden"
        case "abgelaufen":
            return row.state == "past"
        case _:
            return True
