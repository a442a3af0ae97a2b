"""Changing the directory."""

from caseapp.network.service.dwellings import (
    LET,
    OFFERED,
    RESERVED,
    WITHDRAWN,
    NewDwelling,
    add_dwelling,
    change_dwelling,
    let_dwelling,
    move_dwelling,
    reopen_dwelling,
)
from caseapp.network.service.merging import merge_partners, separate_partners
from caseapp.network.service.notes import add_note, restore_note, strike_note
from caseapp.network.service.partners import (
    add_partner,
    change_partner,
    confirm_partner,
    restore_partner,
    strike_partner,
    take_confirmation_back,
)
from caseapp.network.service.rents import (
    NewRentTable,
    add_rent_table,
    change_rent_table,
    restore_rent_table,
    strike_rent_table,
)

__all__ = [
    "LET",
    "OFFERED",
    "RESERVED",
    "WITHDRAWN",
    "NewDwelling",
    "NewRentTable",
    "add_dwelling",
    "add_note",
    "add_partner",
    "add_rent_table",
    "change_dwelling",
    "change_partner",
    "change_rent_table",
    "confirm_partner",
    "let_dwelling",
    "merge_partners",
    "move_dwelling",
    "reopen_dwelling",
    "restore_note",
    "restore_partner",
    "restore_rent_table",
    "separate_partners",
    "strike_note",
    "strike_partner",
    "strike_rent_table",
    "take_confirmation_back",
]
