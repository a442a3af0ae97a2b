"""The log of who did and saw what. Changes are recorded in their transaction, reads and refusals apart from it.

`proofs` codes and digests, `closing` at the flush, `sealing` in batches, `verification`, `retention` (docs/adr/0008).
"""

from caseapp.audit.closing import flush_notes
from caseapp.audit.keeping import SealKeeper, problems
from caseapp.audit.models import AuditBatch, AuditEvent
from caseapp.audit.retention import prune
from caseapp.audit.roots import Outside, Root, first_key, key_line, present_root, read_outside, todays_root
from caseapp.audit.sealing import install, resume, seal_pending
from caseapp.audit.service import (
    Detail,
    everything,
    list_digest,
    note_read,
    record,
    record_apart,
    write_pending,
)
from caseapp.audit.verification import Report, verify

__all__ = [
    "AuditBatch",
    "AuditEvent",
    "Detail",
    "Outside",
    "Report",
    "Root",
    "SealKeeper",
    "everything",
    "first_key",
    "flush_notes",
    "install",
    "key_line",
    "list_digest",
    "note_read",
    "present_root",
    "problems",
    "prune",
    "read_outside",
    "record",
    "record_apart",
    "resume",
    "seal_pending",
    "todays_root",
    "verify",
    "write_pending",
]
