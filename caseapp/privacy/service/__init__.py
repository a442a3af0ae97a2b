"""Erasing a file with two people; the papers and names that the rights of clients open."""

from caseapp.privacy.service.complaints import open_name
from caseapp.privacy.service.erasing import Eraser
from caseapp.privacy.service.papers import order_paper, print_paper
from caseapp.privacy.service.requests import decide, decline, request_erasure, restart, withdraw
from caseapp.privacy.service.traces import OWN_TRACES, Trace, count_all

__all__ = [
    "OWN_TRACES",
    "Eraser",
    "Trace",
    "count_all",
    "decide",
    "decline",
    "open_name",
    "order_paper",
    "print_paper",
    "request_erasure",
    "restart",
    "withdraw",
]
