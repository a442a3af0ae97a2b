"""Households: dated links between files. Leaving ends a link, it never deletes one."""

from __future__ import annotations

import datetime as dt

from caseapp import audit, clock
from caseapp.clients.models import Client, Household, HouseholdMember, MemberRole
from caseapp.clients.queries.files import find_household, find_membership, list_household
from caseapp.clients.service.opening import ANCHOR
from caseapp.db import session
from caseapp.errors import NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def household_of(actor: Actor, client: Client) -> Household:
    """The client's household; whoever lives alone gets one, as its anchor."""
    policy.require(actor, Permission.HOUSEHOLD_EDIT, client)
    link = find_membership(client.id)
    if link is not None:
        found = find_household(link.household_id)
        if found is None:
            raise NotFoundError
        return found
    household = Household(organisation_id=client.organisation_id, created_at=clock.now())
    session().add(household)
    session().add(_link(household, client, ANCHOR, None, anchor=True))
    session().flush()
    return household


def join_household(
    actor: Actor, client: Client, other: Client, relation: str, *, from_on: dt.date | None = None
) -> HouseholdMember:
    """The client lives with `other` from that day on; a former household is left the day before.

    Raises RuleError for oneself, another carrier, or people who live together already.
    """
    policy.require(actor, Permission.HOUSEHOLD_EDIT, client)
    if client.id == other.id:
        raise RuleError(_("Wählen Sie eine andere Person: Das ist dieselbe Akte."), field="other")
    if client.organisation_id != other.organisation_id:
        raise NotFoundError
    household = household_of(actor, other)
    former = find_membership(client.id)
    if former is not None and former.household_id == household.id:
        raise RuleError(_("Diese Personen leben schon im selben Haushalt."), field="other")
    if former is not None:
        _end(former, (from_on or clock.today()) - dt.timedelta(days=1))
    link = _link(household, client, relation, from_on, anchor=False)
    session().add(link)
    _kept(client, "household:join")
    return link


def leave_household(actor: Actor, client: Client, *, until_on: dt.date | None = None) -> HouseholdMember:
    """The client's link ends on that day (default: today). Leaves the anchor: the next member takes the place.

    Raises RuleError when there is none, or the day lies before the beginning.
    """
    policy.require(actor, Permission.HOUSEHOLD_EDIT, client)
    link = find_membership(client.id)
    if link is None:
        raise RuleError(_("Diese Person ist in keinem Haushalt eingetragen."))
    day = until_on or clock.today()
    if day > clock.today():
        raise RuleError(_("Dieser Tag liegt in der Zukunft. Geben Sie einen vergangenen Tag ein."), field="until_on")
    others = [member.link for member in list_household(client.id) if member.link.id != link.id]
    _end(link, day)
    staying = [other for other in others if other.until_on is None]
    if link.anchor and staying:
        link.anchor, staying[0].anchor = False, True
    _kept(client, "household:leave")
    return link


def rejoin_household(actor: Actor, client: Client, link: HouseholdMember) -> None:
    """Undo `leave_household`. Raises RuleError when the person has joined another household since."""
    policy.require(actor, Permission.HOUSEHOLD_EDIT, client)
    if link.client_id != client.id:
        raise NotFoundError
    if find_membership(client.id) is not None:
        raise RuleError(_("Diese Person lebt inzwischen in einem anderen Haushalt."))
    link.until_on = None
    _kept(client, "household:rejoin")


def change_relation(actor: Actor, client: Client, relation: str) -> None:
    """How the client belongs to the household, as seen from the anchor. Raises RuleError without a household."""
    policy.require(actor, Permission.HOUSEHOLD_EDIT, client)
    link = find_membership(client.id)
    if link is None:
        raise RuleError(_("Diese Person ist in keinem Haushalt eingetragen."))
    if link.role.relation != relation:
        link.role = MemberRole(relation=relation)
        _kept(client, "household:relation")


def make_anchor(actor: Actor, client: Client) -> None:
    """The household is counted by this person from now on; the others' relations are to be checked then."""
    policy.require(actor, Permission.HOUSEHOLD_EDIT, client)
    members = [member.link for member in list_household(client.id) if member.link.until_on is None]
    if not any(link.client_id == client.id for link in members):
        raise RuleError(_("Diese Person ist in keinem Haushalt eingetragen."))
    for link in members:
        link.anchor = link.client_id == client.id
        if link.anchor:
            link.role = MemberRole(relation=ANCHOR)
    _kept(client, "household:anchor")


def _link(
    household: Household, client: Client, relation: str, from_on: dt.date | None, *, anchor: bool
) -> HouseholdMember:
    return HouseholdMember(
        household_id=household.id,
        client_id=client.id,
        organisation_id=client.organisation_id,
        anchor=anchor,
        from_on=from_on,
        role=MemberRole(relation=relation),
    )


def _end(link: HouseholdMember, day: dt.date) -> None:
    if link.from_on and day < link.from_on:
        raise RuleError(_("Das Ende liegt vor dem Beginn. Prüfen Sie beide Tage."), field="until_on")
    link.until_on = day


def _kept(client: Client, action: str) -> None:
    session().flush()
    audit.record(action, client_id=client.id)
