"""Two entries that are the same partner: what is kept is chosen line by line."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp.catalogue import queries as catalogue
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.network import queries, service
from caseapp.network.forms import MergeForm
from caseapp.network.models import Partner
from caseapp.network.views.area import area, tabs
from caseapp.network.views.lines import GROUPS, label_of, taken_over
from caseapp.security.permissions import Permission
from caseapp.web import context
from caseapp.web.messages import tell

_KEPT, _OTHER = "kept", "other"


@area.page(
    "/partner/<uuid:partner_id>/zusammenfuehren/<uuid:other_id>",
    permission=Permission.PARTNER_EDIT,
    methods=("GET", "POST"),
)
def merge(partner_id: UUID, other_id: UUID) -> ResponseReturnValue:
    """Both entries side by side; the second one is merged into the first."""
    kept, other = queries.get_partner_entry(partner_id), queries.get_partner_entry(other_id)
    form = MergeForm(data={"kept_version": kept.version, "merged_version": other.version})
    status = 200
    if form.validate_on_submit():
        try:
            _merge(kept, other, form)
        except ConflictError:
            form.kept_version.data, form.merged_version.data = kept.version, other.version
            status = 409
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            made = queries.find_merge(other.id)
            tell(
                _("Die beiden Einträge sind jetzt einer."),
                undo=url_for("network.separate", merged_id=made.merged_id) if made else "",
            )
            return redirect(url_for("network.show", partner_id=kept.id))
    return render_template(
        "network/merge.html",
        form=form,
        kept=kept,
        other=other,
        lines=_lines(kept, other),
        conflict=status == 409,
        tabs=tabs("doubles"),
    ), (form.status if status == 200 else status)


@area.page("/partner/<uuid:merged_id>/trennen", permission=Permission.PARTNER_EDIT, methods=("POST",))
def separate(merged_id: UUID) -> ResponseReturnValue:
    """Take a merge back: the old entry is there again."""
    made = queries.find_merge(merged_id)
    if made is None:
        raise NotFoundError
    if service.separate_partners(context.actor(), made):
        tell(_("Die Einträge sind wieder getrennt, beide wie vorher."))
    else:
        tell(_("Die Einträge sind wieder getrennt. Der andere wurde inzwischen geändert und bleibt, wie er ist."))
    return redirect(url_for("network.show", partner_id=made.kept_id))


def _merge(kept: Partner, other: Partner, form: MergeForm) -> None:
    chosen = {group for group in (*GROUPS, "kind") if request.form.get(f"keep-{group}") == _OTHER}
    service.merge_partners(
        context.actor(),
        kept,
        other,
        other.kind if "kind" in chosen else kept.kind,
        taken_over(kept.profile, other.profile, chosen),
        versions=(form.kept_version.data or "", form.merged_version.data or ""),
    )


def _lines(kept: Partner, other: Partner) -> list[dict[str, str]]:
    """The lines in which both differ, and what is proposed: what the kept one says, unless it says nothing."""
    pairs = {"kind": (catalogue.label("partner_kinds", kept.kind), catalogue.label("partner_kinds", other.kind))}
    pairs |= {group: (text(kept.profile), text(other.profile)) for group, (_fields, text) in GROUPS.items()}
    return [
        {
            "name": group,
            "label": label_of(group),
            "kept": ours,
            "other": theirs,
            "keep": request.form.get(f"keep-{group}") or (_KEPT if ours else _OTHER),
        }
        for group, (ours, theirs) in pairs.items()
        if ours != theirs
    ]
