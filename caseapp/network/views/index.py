"""The directory: searching, filtering, and entries that may be the same partner."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from caseapp.catalogue import queries as catalogue
from caseapp.network import queries
from caseapp.network.forms import SearchForm
from caseapp.network.views.area import area, kind_choices, tabs
from caseapp.places.queries import name_organisations
from caseapp.security.permissions import Permission

_SHOWN = 200


@area.page("/partner", permission=Permission.PARTNER_READ, methods=("GET", "POST"), only_reads=True)
def index() -> ResponseReturnValue:
    """The partners of the district. The search is posted: it may hold the name of a person."""
    asked = request.args.get("art", "")
    form = SearchForm(data={"kind": asked}, choices={"kind": {"": "Alle", **kind_choices()}})
    if form.is_submitted():
        form.validate()
    struck = request.args.get("gestrichen") == "1"
    lines = queries.list_partners(kind=form.kind.data or "", text=form.q.data or "", active=not struck)
    return render_template(
        "network/index.html",
        form=form,
        lines=lines[:_SHOWN],
        total=len(lines),
        struck=struck,
        searched=bool(form.q.data or form.kind.data),
        tabs=tabs("partners"),
        carriers=name_organisations({line.confirmed_by_id for line in lines[:_SHOWN] if line.confirmed_by_id}),
        kind_label=lambda code: catalogue.label("partner_kinds", code),
        language_labels=language_labels,
    ), form.status


@area.page("/partner/doppelt", permission=Permission.PARTNER_READ)
def doubles() -> ResponseReturnValue:
    """Pairs of entries that may be the same partner, with the reason."""
    return render_template(
        "network/doubles.html",
        proposals=queries.list_doubles(),
        tabs=tabs("doubles"),
        kind_label=lambda code: catalogue.label("partner_kinds", code),
    )


def language_labels(codes: tuple[str, ...]) -> str:
    """`Arabisch, Dari`."""
    return ", ".join(catalogue.label("languages", code) for code in codes)
