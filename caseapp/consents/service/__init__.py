"""Changing declarations. Every change keeps the client's row of the caseload: the earliest end."""

from caseapp.consents.service.papers import (
    NOTICE,
    PROOF,
    SHEET,
    STOP,
    order_copy,
    order_notice,
    order_proof,
    order_stop,
)
from caseapp.consents.service.sheets import NewLine, NewSheet, change_sheet, discard_sheet, prepare_sheet, restore_sheet
from caseapp.consents.service.signing import SheetSignature, decline_sheet, sign_sheet
from caseapp.consents.service.withdrawing import (
    Withdrawal,
    WithdrawalHook,
    Withdrawn,
    finish_declaration,
    reopen_declaration,
    withdraw,
)

__all__ = [
    "NOTICE",
    "PROOF",
    "SHEET",
    "STOP",
    "NewLine",
    "NewSheet",
    "SheetSignature",
    "Withdrawal",
    "WithdrawalHook",
    "Withdrawn",
    "change_sheet",
    "decline_sheet",
    "discard_sheet",
    "finish_declaration",
    "order_copy",
    "order_notice",
    "order_proof",
    "order_stop",
    "prepare_sheet",
    "reopen_declaration",
    "restore_sheet",
    "sign_sheet",
    "withdraw",
]
