"""Changing contacts, short advice and activities: one function an intent."""

from caseapp.counselling.service.contacts import NewContact, save_absent, save_contact, undo_contact
from caseapp.counselling.service.corrections import cancel_contact, change_contact, restore_contact
from caseapp.counselling.service.office import add_activity, add_advice, undo_activity, undo_advice

__all__ = [
    "NewContact",
    "add_activity",
    "add_advice",
    "cancel_contact",
    "change_contact",
    "restore_contact",
    "save_absent",
    "save_contact",
    "undo_activity",
    "undo_advice",
    "undo_contact",
]
