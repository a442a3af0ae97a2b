"""Imports: reading a file, its columns, a preview, carrying it out in one transaction, taking it back."""

from caseapp.imports.service.columns import check_kind, check_whole, choose_columns, choose_sheet, save_mapping
from caseapp.imports.service.plans import Plan, Progress
from caseapp.imports.service.running import keep_preview, make_plan, plan_of, run_import
from caseapp.imports.service.targets import Target, get_target, list_targets
from caseapp.imports.service.undoing import undo_import
from caseapp.imports.service.uploading import (
    discard,
    guess_columns,
    mapping_of,
    new_import,
    open_sheets,
    store_upload,
)
from caseapp.imports.service.waiting import assign, leave_out, wait_again
from caseapp.imports.service.work import CHECK, RUN, last_job, running_job, start_check, start_run

__all__ = [
    "CHECK",
    "RUN",
    "Plan",
    "Progress",
    "Target",
    "assign",
    "check_kind",
    "check_whole",
    "choose_columns",
    "choose_sheet",
    "discard",
    "get_target",
    "guess_columns",
    "keep_preview",
    "last_job",
    "leave_out",
    "list_targets",
    "make_plan",
    "mapping_of",
    "new_import",
    "open_sheets",
    "plan_of",
    "run_import",
    "running_job",
    "save_mapping",
    "start_check",
    "start_run",
    "store_upload",
    "undo_import",
    "wait_again",
]
