"""The tab "Vermittlung": what runs, what has ended, what was told about the client."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from caseapp import audit
from caseapp.catalogue import queries as catalogue
from caseapp.clients import frame
from caseapp.i18n import gettext as _
from caseapp.referrals import queries, service
from caseapp.referrals.documents import lines_of
from caseapp.referrals.rules import legal
from caseapp.referrals.rules.states import LABELS, State, Way, may_follow, offered_answers
from caseapp.referrals.views.area import TAB, area, help_text, open_to
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell


@area.page("/klienten/<uuid:client_id>/vermittlung", permission=Permission.CLIENT_READ)
def index(client_id: UUID) -> ResponseReturnValue:
    """Running referrals with the next thing to do, then ended ones; what was told; requests from outside and by law."""
    opened = frame.open_file(client_id)
    views = queries.list_referrals(client_id)
    audit.note_read("referral:list", client_id=client_id)
    return frame.shown(
        "referrals/index.html",
        opened,
        TAB,
        running=[view for view in views if view.running],
        ended=[view for view in views if not view.running],
        told=lines_of(client_id),
        outside=queries.list_outside(client_id),
        legal=queries.list_legal(client_id),
        wishes=queries.list_wishes(client_id),
        ways=[(way, catalogue.label("referral_ways", way), help_text(way)) for way in Way],
        labels=LABELS,
        legal_labels=legal.LABELS,
        State=State,
        offered_answers=offered_answers,
        may_follow=may_follow,
    )


@area.page("/klienten/<uuid:client_id>/vermittlung/weitergegeben", permission=Permission.CLIENT_READ, methods=("POST",))
def print_disclosures(client_id: UUID) -> ResponseReturnValue:
    """The list of what was told, as a paper for the client."""
    client = open_to(client_id, Permission.CLIENT_READ)
    paper, _job = service.order_disclosures(context.actor(), client)
    tell(_("Das PDF wird geschrieben."))
    return redirect(url_for("papers.show", paper_id=paper.id))
