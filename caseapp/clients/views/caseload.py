"""The caseload page: the own cases in views, and the team's heads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import render_template, request
from flask.typing import ResponseReturnValue

from caseapp import audit, clock
from caseapp.accounts import queries as accounts
from caseapp.catalogue import queries as catalogue
from caseapp.clients.queries.caseload import PAGE_ROWS, CaseloadPage, ListedCase, Wish, list_caseload
from caseapp.clients.rules.caseload import Order, View
from caseapp.clients.views.area import area
from caseapp.clients.views.lines import Line, Lines, link_around
from caseapp.i18n import gettext as _
from caseapp.i18n import lazy_gettext as _l
from caseapp.places.queries import municipality_name
from caseapp.security import policy
from caseapp.security.actor import Actor, Role
from caseapp.security.permissions import Permission
from caseapp.web import context

_LABELS = {
    View.MINE: _l("Meine Fälle"),
    View.OVERDUE: _l("Überfällig"),
    View.WEEK: _l("Schritt diese Woche"),
    View.NO_CONTACT: _l("Ohne Kontakt > 30 Tage"),
    View.TITLE_ENDS: _l("Titel endet"),
    View.REVIEW: _l("Gespräch zum Plan"),
    View.PAPERS_END: _l("Freigabe endet"),
    View.ANSWER: _l("Antwort fehlt"),
    View.TEAM: _l("Team"),
}
# Shown where there is any: nine chips would hide the list on a phone.
_WHERE_ANY = frozenset({View.REVIEW, View.PAPERS_END, View.ANSWER})
_COMPACT = "kompakt"
_PARTS = ("ansicht", "sortierung", "richtung", "dichte", "sprache", "gemeinde", "seite")


@area.page("/klienten", permission=Permission.CLIENT_FIND)
def caseload() -> ResponseReturnValue:
    """The caseload with its views. One read event names the view, the number and a keyed digest of the rows."""
    actor = context.actor()
    wish = _wish(actor)
    page = list_caseload(actor, wish)
    ids = [listed.case.client_id for listed in page.cases]
    audit.note_read("caseload:list", detail=audit.Detail(note=page.view, count=len(ids), digest=audit.list_digest(ids)))
    dense = request.args.get("dichte") == _COMPACT
    return render_template(
        "clients/caseload.html",
        page=page,
        lines=_lines(actor, page),
        team=page.view is View.TEAM,
        title=_LABELS[page.view],
        views=_chips(actor, page),
        columns=_columns(wish),
        first=(page.number - 1) * PAGE_ROWS + 1,
        show=link_around("clients.show"),
        contact=link_around("counselling.contact"),
        page_href=lambda number: _address(seite=number),
        filters=_filters(wish, page),
        density="compact" if dense else "",
        density_href=_address(dichte=None if dense else _COMPACT),
        unfiltered=_list_address({"ansicht": wish.view.value}),
    )


def _wish(actor: Actor) -> Wish:
    """What the address asks for; anything unknown falls back to the start of the list."""
    counsels = bool(actor.duties_as(Role.CASEWORKER))
    given = request.args
    return Wish(
        view=_one_of(View, given.get("ansicht"), View.MINE if counsels else View.TEAM),
        order=_one_of(Order, given.get("sortierung"), Order.NAME),
        descending=given.get("richtung") == "ab",
        language=given.get("sprache", ""),
        ags=given.get("gemeinde", ""),
        page=given.get("seite", 1, type=int),
    )


def _one_of(kind: type[Any], text: str | None, default: Any) -> Any:
    try:
        return kind(text)
    except ValueError:
        return default


def _address(**changed: object) -> str:
    """This page's address with some of its parts changed; None leaves a part out."""
    parts = {name: text for name, text in request.args.items() if name in _PARTS} | changed
    return _list_address(parts)


def _list_address(parts: Mapping[str, object]) -> str:
    """The list with these parts; quicker than the router, which the page would ask some twenty times."""
    given = urlencode({name: value for name, value in parts.items() if value is not None})
    here = request.script_root + request.path
    return f"{here}?{given}" if given else here


def _lines(actor: Actor, page: CaseloadPage) -> list[Line]:
    lines = Lines(clock.today())
    if page.view is not View.TEAM:
        return [lines.own(listed) for listed in page.cases]
    names = _workers(page.cases)
    return [
        lines.colleagues(listed, names, readable=policy.allows(actor, Permission.CLIENT_READ, listed.case))
        for listed in page.cases
    ]


def _workers(cases: Sequence[ListedCase]) -> dict[UUID, str]:
    return accounts.names_of({listed.case.worker_id for listed in cases if listed.case.worker_id})


def _chips(actor: Actor, page: CaseloadPage) -> list[dict[str, Any]]:
    own = bool(actor.duties_as(Role.CASEWORKER)) or page.counts[View.MINE] > 0
    return [
        {
            "label": str(_LABELS[view]),
            "href": _list_address({"ansicht": view.value, "dichte": request.args.get("dichte")}),
            "count": page.counts.get(view),
            "active": view is page.view,
            "late": view is View.OVERDUE,
        }
        for view in View
        if (own or view is View.TEAM) and (page.counts.get(view) or view is page.view or view not in _WHERE_ANY)
    ]


def _columns(wish: Wish) -> list[dict[str, Any]]:
    """The heads of the table; those that sort lead to the list in that order, or in the other direction."""
    if wish.view is View.TEAM:
        return [_sorting(_("Name"), Order.NAME, wish), {"label": _("Sprache")}, {"label": _("Zuständig")}]
    return [
        _sorting(_("Name"), Order.NAME, wish),
        {"label": _("Sprache")},
        {"label": _("Gemeinde")},
        _sorting(_("Letzter Kontakt"), Order.LAST_CONTACT, wish),
        _sorting(_("Nächster Schritt"), Order.NEXT_STEP, wish),
        _sorting(_("Titel endet"), Order.TITLE_END, wish),
        {"label": _("Kontakt erfassen"), "quiet": True},
    ]


def _sorting(label: str, order: Order, wish: Wish) -> dict[str, Any]:
    active = wish.order is order
    turned = "ab" if active and not wish.descending else None
    direction = "descending" if wish.descending else "ascending"
    return {
        "label": label,
        "sort": direction if active else "",
        "href": _address(sortierung=order.value, richtung=turned, seite=None),
    }


def _filters(wish: Wish, page: CaseloadPage) -> dict[str, Any]:
    """The choices that narrow the list: languages and municipalities that occur in it. Never a name: see the search."""
    languages = {code: catalogue.label("languages", code) for code in page.languages | ({wish.language} - {""})}
    towns = {ags: municipality_name(ags) for ags in page.municipalities | ({wish.ags} - {""})}
    return {
        "language": wish.language,
        "ags": wish.ags,
        "languages": sorted(languages.items(), key=lambda pair: pair[1].casefold()),
        "towns": sorted(towns.items(), key=lambda pair: pair[1].casefold()),
        "kept": [
            (name, value)
            for name, value in request.args.items()
            if name in {"ansicht", "sortierung", "richtung", "dichte"}
        ],
    }
