"""Tables of the directory: partners, their dwellings, what a carrier notes on them, and rent limits."""

from caseapp.network.models.records import (
    ContactPerson,
    DwellingText,
    MergeBefore,
    NoteText,
    PartnerProfile,
    RentTableText,
    VolunteerProfile,
)
from caseapp.network.models.tables import Dwelling, Partner, PartnerMerge, PartnerNote, RentTable

__all__ = [
    "ContactPerson",
    "Dwelling",
    "DwellingText",
    "MergeBefore",
    "NoteText",
    "Partner",
    "PartnerMerge",
    "PartnerNote",
    "PartnerProfile",
    "RentTable",
    "RentTableText",
    "VolunteerProfile",
]
