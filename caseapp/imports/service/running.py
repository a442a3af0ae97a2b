"""Checking a list row by row, and carrying the import out: in one transaction, or not at all."""

from __future__ import annotations

from dataclasses import replace

import msgspec

from caseapp import audit, clock
from caseapp.clients.service import open_files_bulk
from caseapp.counselling.service.bulk import save_contacts_bulk
from caseapp.db import session
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.imports import queries
from caseapp.imports.models import (
    DiscardReason,
    Import,
    ImportState,
    PartKind,
    WaitingContact,
    WaitingState,
)
from caseapp.imports.rules.fields import CLIENTS
from caseapp.imports.rules.findings import count_levels, pack_findings, pack_samples
from caseapp.imports.rules.headings import Mapping
from caseapp.imports.rules.stored import Stored, pack_mapping, pack_stored
from caseapp.imports.rules.tables import Sheet
from caseapp.imports.service.client_plan import plan_clients
from caseapp.imports.service.contact_plan import plan_contacts
from caseapp.imports.service.plans import Plan, Progress, no_progress
from caseapp.imports.service.targets import Target, get_target
from caseapp.imports.service.uploading import add_parts, drop_parts, mapping_of, open_sheets
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission


def make_plan(actor: Actor, target: Target, sheet: Sheet, mapping: Mapping, progress: Progress = no_progress) -> Plan:
    """What importing this sheet would do. Stores nothing; notes that the carrier's files were compared."""
    policy.require_in(actor, Permission.IMPORT_RUN, target.organisation_id, target.team_id)
    if mapping.kind == CLIENTS:
        plan = plan_clients(target, sheet, mapping, progress)
    else:
        plan = plan_contacts(actor, target, sheet, mapping, progress)
    audit.note_read(
        "import:compare", organisation_id=target.organisation_id, detail=audit.Detail(count=len(plan.known))
    )
    return plan


def plan_of(actor: Actor, owner: Import, progress: Progress = no_progress) -> Plan:
    """What carrying out this import would do now."""
    target = get_target(actor, owner.team_id)
    return make_plan(actor, target, open_sheets(owner)[owner.note.sheet], mapping_of(owner), progress)


def keep_preview(actor: Actor, owner: Import, plan: Plan) -> None:
    """Store what was found, for the page; nothing of the list becomes a record. A later change of columns wins."""
    policy.require_in(actor, Permission.IMPORT_RUN, owner.organisation_id, owner.team_id)
    if owner.state not in (ImportState.UPLOADED, ImportState.PREVIEWED):
        return
    if owner.note.mapping != pack_mapping(plan.mapping):
        return
    drop_parts(owner, PartKind.FINDING, PartKind.SAMPLE)
    add_parts(owner, PartKind.FINDING, pack_findings(plan.findings))
    add_parts(owner, PartKind.SAMPLE, [pack_samples(plan.samples)])
    _count(owner, plan)
    owner.state = ImportState.PREVIEWED.value
    session().flush()


def run_import(actor: Actor, owner: Import, plan: Plan) -> Plan | None:
    """Carry the plan out, everything in the running transaction; the content of the file is deleted.

    Gives what was really done, None when it was done before: a double click imports once. If others have added files
    since the plan was made, the list is compared again. The caller has locked the import. Raises RuleError when there
    is nothing to import.
    """
    policy.require_in(actor, Permission.IMPORT_RUN, owner.organisation_id, owner.team_id)
    if owner.state in (ImportState.DONE, ImportState.UNDONE):
        return None
    if queries.list_client_ids(owner.organisation_id) != plan.known:
        plan = plan_of(actor, owner)
    if not plan.counters.imported:
        raise RuleError(_("In dieser Liste ist keine Zeile, die importiert werden kann."))
    if plan.files:
        _open_files(actor, owner, plan)
    save_contacts_bulk(actor, owner.organisation_id, plan.contacts, import_id=owner.id)
    _keep_waiting(actor, owner, plan)
    drop_parts(owner, PartKind.CONTENT, PartKind.FINDING, PartKind.SAMPLE)
    add_parts(owner, PartKind.FINDING, pack_findings(plan.reported))
    _count(owner, plan)
    owner.state, owner.ended_at = ImportState.DONE.value, clock.now()
    session().flush()
    audit.record("import:run", organisation_id=owner.organisation_id, detail=audit.Detail(count=plan.counters.imported))
    return plan


def _open_files(actor: Actor, owner: Import, plan: Plan) -> None:
    opened = open_files_bulk(actor, [replace(planned.new, import_id=owner.id) for planned in plan.files])
    stored = [
        Stored(planned.number, client.id, planned.new.worker_id, planned.digest, planned.new.household_id)
        for planned, client in zip(plan.files, opened, strict=True)
    ]
    add_parts(owner, PartKind.STORED, pack_stored(stored))


def _keep_waiting(actor: Actor, owner: Import, plan: Plan) -> None:
    session().add_all(
        WaitingContact(
            import_id=owner.id,
            organisation_id=owner.organisation_id,
            user_id=actor.user_id,
            number=entry.row,
            state=WaitingState.WAITING.value,
            entry=entry,
            reason=DiscardReason(),
        )
        for entry in plan.waiting
    )


def _count(owner: Import, plan: Plan) -> None:
    counters = plan.counters
    owner.imported, owner.reported, owner.waiting = counters.imported, counters.reported, len(plan.waiting)
    owner.titles, owner.empty, owner.sums = counters.titles, counters.empty, counters.sums
    owner.note = msgspec.structs.replace(
        owner.note, unmatched_workers=plan.unmatched_workers, levels=count_levels(plan.findings)
    )
