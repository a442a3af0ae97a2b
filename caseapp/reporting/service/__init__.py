"""From the carriers' confirmations to a released report: four steps, at least three people."""

from caseapp.reporting.service.acting import require
from caseapp.reporting.service.building import BUILD_JOB, build, discard, find_job, is_running, keep_draft, order_build
from caseapp.reporting.service.checking import before_of, check, give_back, hidden_names
from caseapp.reporting.service.confirming import Gap, confirm, own_gaps, rests_on_it, withdraw
from caseapp.reporting.service.counting import Built
from caseapp.reporting.service.facts import Summary, sum_up
from caseapp.reporting.service.releasing import (
    FILES_JOB,
    add_note,
    files_running,
    keep_file,
    missing_files,
    order_files,
    public_key,
    release,
)

__all__ = [
    "BUILD_JOB",
    "FILES_JOB",
    "Built",
    "Gap",
    "Summary",
    "add_note",
    "before_of",
    "build",
    "check",
    "confirm",
    "discard",
    "files_running",
    "find_job",
    "give_back",
    "hidden_names",
    "is_running",
    "keep_draft",
    "keep_file",
    "missing_files",
    "order_build",
    "order_files",
    "own_gaps",
    "public_key",
    "release",
    "require",
    "rests_on_it",
    "sum_up",
    "withdraw",
]
