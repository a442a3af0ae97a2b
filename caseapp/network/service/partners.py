"""Adding, changing, confirming and striking out partners."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from msgspec.structs import replace

from caseapp import clock
from caseapp.db import new_id, session, stored_before
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries, rules
from caseapp.network.models import Partner, PartnerProfile
from caseapp.network.service.doing import alone, note, require_in_some_carrier
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def add_partner(
    actor: Actor, kind: str, profile: PartnerProfile, *, carrier_id: UUID, partner_id: UUID | None = None
) -> Partner:
    """Add a partner for the whole district, confirmed today. `partner_id` is that of the form.

    Raises RuleError on `name` or `kind`, AlreadyStoredError where the form has stored another partner before.
    """
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    partner = Partner(
        id=partner_id or new_id(),
        kind=_known(kind),
        state=queries.ACTIVE,
        confirmed_on=clock.today(),
        confirmed_by_id=carrier_id,
        created_at=clock.now(),
        profile=_checked(kind, profile),
    )
    stored = stored_before(partner, "kind", "profile")
    if stored is not None:
        return stored
    session().add(partner)
    session().flush()
    note("partner:add", partner)
    return partner


def change_partner(
    actor: Actor, partner: Partner, kind: str, profile: PartnerProfile, *, carrier_id: UUID, version: str
) -> None:
    """Change what is known of a partner; that confirms it, too.

    Raises ConflictError when somebody else changed it since `version`, RuleError on `name`.
    """
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    alone(partner)
    if partner.version != version:
        raise ConflictError(_("Dieser Eintrag wurde inzwischen geändert."))
    _require_active(partner)
    partner.kind, partner.profile = _known(kind, keep=partner.kind), _checked(kind, profile)
    partner.confirmed_on, partner.confirmed_by_id = clock.today(), carrier_id
    session().flush()
    note("partner:edit", partner)


def confirm_partner(actor: Actor, partner: Partner, *, carrier_id: UUID) -> None:
    """ "Stimmt noch": what stands there is right today. Pressing it twice changes nothing."""
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    _require_active(partner)
    if (partner.confirmed_on, partner.confirmed_by_id) != (clock.today(), carrier_id):
        partner.confirmed_on, partner.confirmed_by_id = clock.today(), carrier_id
        session().flush()
        note("partner:confirm", partner)


def take_confirmation_back(
    actor: Actor, partner: Partner, *, confirmed_on: dt.date | None, confirmed_by_id: UUID | None
) -> None:
    """Undo `confirm_partner`: the day and carrier that stood there before."""
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    partner.confirmed_on, partner.confirmed_by_id = confirmed_on, confirmed_by_id
    session().flush()
    note("partner:confirm", partner)


def strike_partner(actor: Actor, partner: Partner) -> None:
    """The partner is no longer offered. Old letters and referrals keep the name."""
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    _require_active(partner)
    partner.state = queries.STRUCK
    session().flush()
    note("partner:strike", partner)


def restore_partner(actor: Actor, partner: Partner) -> None:
    """Undo `strike_partner`."""
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    if partner.state == queries.STRUCK:
        partner.state = queries.ACTIVE
        session().flush()
        note("partner:restore", partner)


def _checked(kind: str, profile: PartnerProfile) -> PartnerProfile:
    """The profile as it is stored; what belongs to volunteers goes with the kind."""
    people = tuple(person for person in profile.people if any((person.name, person.phone, person.email)))
    volunteer = profile.volunteer if kind == rules.VOLUNTEER else None
    return replace(profile, name=rules.check_name(profile.name), people=people, volunteer=volunteer)


def _known(kind: str, *, keep: str = "") -> str:
    if kind != keep and kind not in {code.code for code in queries.kinds()}:
        raise RuleError(_("Wählen Sie die Art aus."), field="kind")
    return kind


def _require_active(partner: Partner) -> None:
    if partner.state != queries.ACTIVE:
        raise RuleError(_("Dieser Eintrag ist gestrichen. Nehmen Sie ihn zuerst wieder auf."))
