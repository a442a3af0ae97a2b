"""Changing the search for a flat."""

from caseapp.housing.service.applications import (
    PROFILE_PAPER,
    Way,
    add_application,
    order_profile,
    record_result,
    set_viewing,
    take_back_result,
    tick_check,
)
from caseapp.housing.service.lease import NewLease, enter_lease, take_back_lease
from caseapp.housing.service.wishes import save_wishes

__all__ = [
    "PROFILE_PAPER",
    "NewLease",
    "Way",
    "add_application",
    "enter_lease",
    "order_profile",
    "record_result",
    "save_wishes",
    "set_viewing",
    "take_back_lease",
    "take_back_result",
    "tick_check",
]
