"""Tables of the client file and the records sealed in them."""

from caseapp.clients.models.facts import (
    BenefitFact,
    Fact,
    FactBox,
    FactKind,
    LanguageFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.models.records import (
    Agency,
    Birth,
    ClientBody,
    ClientHead,
    Leftover,
    Notice,
    Representative,
    SafeContact,
)
from caseapp.clients.models.tables import (
    Caseload,
    Client,
    ClientGrant,
    GrantReason,
    HistoryEntry,
    Household,
    HouseholdMember,
    MemberRole,
)

__all__ = [
    "Agency",
    "BenefitFact",
    "Birth",
    "Caseload",
    "Client",
    "ClientBody",
    "ClientGrant",
    "ClientHead",
    "Fact",
    "FactBox",
    "FactKind",
    "GrantReason",
    "HistoryEntry",
    "Household",
    "HouseholdMember",
    "LanguageFact",
    "Leftover",
    "MemberRole",
    "Notice",
    "Representative",
    "SafeContact",
    "StayFact",
    "TitleFact",
    "WorkFact",
]
