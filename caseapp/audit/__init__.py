"""The log of who did and saw what. Changes are recorded in their transaction, reads and refusals apart from it.

The tamper-evident sealing of the log builds on these rows (docs/adr/0003).
"""

from caseapp.audit.models import AuditEvent
from caseapp.audit.service import (
    Detail,
    everything,
    list_digest,
    note_read,
    record,
    record_apart,
    write_pending,
)

__all__ = [
    "AuditEvent",
    "Detail",
    "everything",
    "list_digest",
    "note_read",
    "record",
    "record_apart",
    "write_pending",
]
