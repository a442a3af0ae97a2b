"""Counting own figures, works agreements, comparisons."""

from caseapp.figures.service.agreements import NewAgreement, end_agreement, record_agreement, reopen_agreement
from caseapp.figures.service.comparing import compare_workers
from caseapp.figures.service.counting import Counted, count, definitions_of
from caseapp.figures.service.snapshots import COUNT_JOB, count_snapshot, order_count, restore

__all__ = [
    "COUNT_JOB",
    "Counted",
    "NewAgreement",
    "compare_workers",
    "count",
    "count_snapshot",
    "definitions_of",
    "end_agreement",
    "order_count",
    "record_agreement",
    "reopen_agreement",
    "restore",
]
