"""Changing client files: one function an intent, and the upkeep of the caseload rows."""

from caseapp.clients.service.bulk import open_files_bulk
from caseapp.clients.service.editing import (
    FileChange,
    clear_mark,
    edit_file,
    give_notice,
    restore_mark,
    set_agencies,
    set_name_check,
    set_representatives,
)
from caseapp.clients.service.facts import (
    add_fact,
    cancel_fact,
    confirm_facts,
    correct_fact,
    present_facts,
    restore_fact,
    unconfirm_facts,
)
from caseapp.clients.service.heads import ready
from caseapp.clients.service.households import (
    change_relation,
    household_of,
    join_household,
    leave_household,
    make_anchor,
    rejoin_household,
)
from caseapp.clients.service.opening import NewFact, NewFile, open_family, open_file
from caseapp.clients.service.protection import ask_to_lift, confirm_lift, decline_lift, protect, withdraw_lift

__all__ = [
    "FileChange",
    "NewFact",
    "NewFile",
    "add_fact",
    "ask_to_lift",
    "cancel_fact",
    "change_relation",
    "clear_mark",
    "confirm_facts",
    "confirm_lift",
    "correct_fact",
    "decline_lift",
    "edit_file",
    "give_notice",
    "household_of",
    "join_household",
    "leave_household",
    "make_anchor",
    "open_family",
    "open_file",
    "open_files_bulk",
    "present_facts",
    "protect",
    "ready",
    "rejoin_household",
    "restore_fact",
    "restore_mark",
    "set_agencies",
    "set_name_check",
    "set_representatives",
    "unconfirm_facts",
    "withdraw_lift",
]
