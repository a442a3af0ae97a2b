"""Two entries that are one partner: one is kept, the other's id goes on meaning it."""

from __future__ import annotations

from caseapp import clock
from caseapp.db import hold, session
from caseapp.errors import ConflictError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries, rules
from caseapp.network.models import MergeBefore, Partner, PartnerMerge, PartnerProfile
from caseapp.network.service.doing import note, require_in_some_carrier
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def merge_partners(
    actor: Actor, kept: Partner, merged: Partner, kind: str, profile: PartnerProfile, *, versions: tuple[str, str]
) -> None:
    """Merge `merged` into `kept`, which gets the kind and profile that were chosen field by field.

    Notes, dwellings and what other slices stored under the merged id follow, as both ids mean the kept one from now on.
    `versions` are those of kept and merged that were shown. Raises ConflictError, RuleError for an entry that is gone.
    """
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    hold(session(), "partner merge")
    for each, version in zip((kept, merged), versions, strict=True):
        session().refresh(each)
        if each.version != version:
            raise ConflictError(_("Einer der beiden Einträge wurde inzwischen geändert."))
        if each.state != queries.ACTIVE:
            raise RuleError(_("Einer der beiden Einträge ist nicht mehr im Verzeichnis."))
    rules.check_merge(kept.id, merged.id)
    rules.check_name(profile.name)
    before = MergeBefore(kind=kept.kind, profile=kept.profile)
    kept.kind, kept.profile = kind, profile
    merged.state, merged.merged_into_id = queries.MERGED, kept.id
    session().flush()
    session().add(
        PartnerMerge(
            kept_id=kept.id, merged_id=merged.id, kept_rev=kept.profile_rev, merged_at=clock.now(), before=before
        )
    )
    session().flush()
    note("partner:merge", kept, also=merged.id)


def separate_partners(actor: Actor, merge: PartnerMerge) -> bool:
    """Take a merge back at any time: the merged entry is there again, with all that was stored under its id.

    True when the kept entry is again as it was before; False when it was changed since and stays as it is.
    """
    require_in_some_carrier(actor, Permission.PARTNER_EDIT)
    hold(session(), "partner merge")
    session().refresh(merge)
    if merge.undone_at is not None:
        raise RuleError(_("Diese Einträge sind schon wieder getrennt."))
    kept, merged = queries.get_partner_entry(merge.kept_id), queries.get_partner_entry(merge.merged_id)
    session().refresh(kept)
    unchanged = kept.profile_rev == merge.kept_rev
    if unchanged:
        kept.kind, kept.profile = merge.before.kind, merge.before.profile
    merged.state, merged.merged_into_id = queries.ACTIVE, None
    merge.undone_at = clock.now()
    session().flush()
    note("partner:separate", kept, also=merged.id)
    return unchanged
