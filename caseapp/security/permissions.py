"""The table of roles: which role may do what, and how far it reaches.

Source: the project's role table (`docs/security.md`, "Who may do what"). One line here is one line there; the tests
hold hand-written expectations for it.
"""

from __future__ import annotations

import enum

from caseapp.security.actor import Role


class Reach(enum.IntEnum):
    """How far a permission goes. Wider reaches contain the narrower ones."""

    OWN = 1  # clients of whom the actor is the worker, or who are granted
    TEAM = 2  # clients and people of the duty's team
    ORGANISATION = 3  # everything of the duty's organisation


class Permission(enum.StrEnum):
    """What a page or a service function asks for. Only permissions that something asks for exist."""

    CLIENT_FIND = "client:find"
    CLIENT_READ = "client:read"
    CLIENT_READ_NOTE = "client:read_note"
    CLIENT_CREATE = "client:create"
    CLIENT_EDIT = "client:edit"
    CLIENT_ASSIGN = "client:transfer"
    CLIENT_CLOSE = "client:close_reopen"
    CLIENT_PROTECT = "client:protect"
    ATTACHMENT_READ = "attachment:read"
    ATTACHMENT_READ_PROTECTED = "attachment:read_protected"
    CONTACT_WRITE = "contact:write"
    ADVICE_WRITE = "contact:write_without_file"
    HOUSEHOLD_EDIT = "household:edit"
    GOAL_ASSESS = "goal:assess"
    AGREEMENT_SIGN = "agreement:sign"
    CONSENT_RECORD = "consent:record"
    CONSENT_WITHDRAW = "consent:withdraw"
    LETTER_WRITE = "letter:write"
    REFERRAL_SEND = "referral:send"
    REFERRAL_BY_LAW = "referral:by_law"
    REFERRAL_REGISTER = "referral:register"
    PARTNER_READ = "partner:read"
    PARTNER_EDIT = "partner:edit"
    IMPORT_RUN = "import:run"
    TEAM_BOARD = "team:board"
    NOTE_ACCESS = "client:open_note_with_reason"
    USERS_MANAGE = "users:manage"
    MEMBERSHIP_REQUEST = "users:request"
    MEMBERSHIP_CONFIRM = "users:confirm"
    ORGANISATION_EDIT = "organisation:edit"
    CODELIST_EDIT = "codelist:edit"
    ERASURE_REQUEST = "erasure:request"
    ERASURE_EXECUTE = "erasure:execute"
    ERASURE_REGISTER = "erasure:register"
    AUDIT_CLIENT_ACCESS = "audit:client_access"
    AUDIT_REGISTER = "audit:register"
    AUDIT_SYSTEM = "audit:system"
    FIGURES_EXACT = "figures:exact"
    FIGURES_COMPARE = "figures:compare"
    FIGURES_AGREEMENT = "figures:record_works_agreement"
    REPORT_CONFIRM = "report:confirm"
    REPORT_BUILD = "report:build"
    REPORT_CHECK = "report:check"
    REPORT_RELEASE = "report:release"
    REPORT_READ = "report:read"
    KENNZAHLEN_PREPARE = "kennzahlen:prepare"
    KENNZAHLEN_FREEZE = "kennzahlen:freeze"
    KENNZAHLEN_COLLECT = "kennzahlen:collect"
    OWN_ACCOUNT = "account:own"


_EVERYBODY = dict.fromkeys(Role, Reach.OWN)

GRANTS: dict[Permission, dict[Role, Reach]] = {
    Permission.CLIENT_FIND: {Role.CASEWORKER: Reach.TEAM, Role.LEAD: Reach.TEAM},
    Permission.CLIENT_READ: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    Permission.CLIENT_READ_NOTE: {Role.CASEWORKER: Reach.OWN},
    Permission.CLIENT_CREATE: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    Permission.CLIENT_EDIT: {Role.CASEWORKER: Reach.OWN},
    Permission.CLIENT_ASSIGN: {Role.LEAD: Reach.TEAM},
    Permission.CLIENT_CLOSE: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    Permission.CLIENT_PROTECT: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    Permission.ATTACHMENT_READ: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    # Health and the like: also a lead only in a file that is opened to that person by name.
    Permission.ATTACHMENT_READ_PROTECTED: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.OWN},
    Permission.CONTACT_WRITE: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.OWN},
    Permission.ADVICE_WRITE: {
        Role.CASEWORKER: Reach.ORGANISATION,
        Role.LEAD: Reach.ORGANISATION,
    },
    Permission.HOUSEHOLD_EDIT: {Role.CASEWORKER: Reach.OWN},
    Permission.GOAL_ASSESS: {Role.CASEWORKER: Reach.OWN},
    Permission.AGREEMENT_SIGN: {Role.CASEWORKER: Reach.OWN},
    Permission.CONSENT_RECORD: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.OWN},
    # Whoever takes the call: a withdrawal acts at once.
    Permission.CONSENT_WITHDRAW: {Role.CASEWORKER: Reach.TEAM, Role.LEAD: Reach.TEAM},
    Permission.LETTER_WRITE: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.OWN},
    Permission.REFERRAL_SEND: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.OWN},
    # Two persons: one asks, another one agrees; data protection learns the number only.
    Permission.REFERRAL_BY_LAW: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    Permission.REFERRAL_REGISTER: {Role.DPO: Reach.ORGANISATION},
    Permission.PARTNER_READ: {
        Role.CASEWORKER: Reach.ORGANISATION,
        Role.LEAD: Reach.ORGANISATION,
        Role.COORDINATOR: Reach.ORGANISATION,
    },
    Permission.PARTNER_EDIT: {
        Role.CASEWORKER: Reach.ORGANISATION,
        Role.LEAD: Reach.ORGANISATION,
        Role.COORDINATOR: Reach.ORGANISATION,
    },
    Permission.IMPORT_RUN: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    # A caseworker sees the own row; comparing people would need a Dienstvereinbarung.
    Permission.TEAM_BOARD: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    Permission.NOTE_ACCESS: {Role.LEAD: Reach.TEAM},
    Permission.USERS_MANAGE: {Role.ADMIN: Reach.ORGANISATION},
    # A duty needs a lead and an administrator, whoever of the two begins; `accounts.rules` says which pair suffices.
    Permission.MEMBERSHIP_REQUEST: {Role.LEAD: Reach.ORGANISATION, Role.ADMIN: Reach.ORGANISATION},
    Permission.MEMBERSHIP_CONFIRM: {Role.LEAD: Reach.ORGANISATION, Role.ADMIN: Reach.ORGANISATION},
    Permission.ORGANISATION_EDIT: {Role.ADMIN: Reach.ORGANISATION},
    Permission.CODELIST_EDIT: {
        Role.ADMIN: Reach.ORGANISATION,
        Role.LEAD: Reach.ORGANISATION,
        Role.COORDINATOR: Reach.ORGANISATION,
    },
    # Row 43: one person asks, the carrier's head decides; data protection sees the register and has no vote.
    Permission.ERASURE_REQUEST: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    Permission.ERASURE_EXECUTE: {Role.LEAD: Reach.ORGANISATION},
    Permission.ERASURE_REGISTER: {Role.LEAD: Reach.ORGANISATION, Role.DPO: Reach.ORGANISATION},
    # Row 41: functions and days for a client's own question; the carrier's register, pseudonymous, for data protection.
    Permission.AUDIT_CLIENT_ACCESS: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    Permission.AUDIT_REGISTER: {Role.DPO: Reach.ORGANISATION},
    Permission.AUDIT_SYSTEM: {Role.DPO: Reach.ORGANISATION, Role.ADMIN: Reach.ORGANISATION},
    # Row 29: exact figures of what one may see anyway; a lead of the whole carrier has the carrier.
    Permission.FIGURES_EXACT: {Role.CASEWORKER: Reach.OWN, Role.LEAD: Reach.TEAM},
    # Figures a worker stay closed until a Dienstvereinbarung is recorded; the carrier's head records it.
    Permission.FIGURES_COMPARE: {Role.LEAD: Reach.TEAM},
    Permission.FIGURES_AGREEMENT: {Role.LEAD: Reach.ORGANISATION},
    # Rows 30 to 33: the carrier's head confirms its entries; who builds never checks and never releases.
    Permission.REPORT_CONFIRM: {Role.LEAD: Reach.ORGANISATION},
    Permission.REPORT_BUILD: {Role.LEAD: Reach.ORGANISATION, Role.COORDINATOR: Reach.ORGANISATION},
    Permission.REPORT_CHECK: {Role.LEAD: Reach.ORGANISATION, Role.COORDINATOR: Reach.ORGANISATION},
    Permission.REPORT_RELEASE: {Role.LEAD: Reach.ORGANISATION, Role.COORDINATOR: Reach.ORGANISATION},
    Permission.REPORT_READ: dict.fromkeys(
        (Role.CASEWORKER, Role.LEAD, Role.COORDINATOR, Role.FUNDER, Role.DPO), Reach.ORGANISATION
    ),
    # Rows 34 and 35: the worker mends, the carrier's head freezes, the district collects and submits.
    Permission.KENNZAHLEN_PREPARE: {
        Role.CASEWORKER: Reach.OWN,
        Role.LEAD: Reach.ORGANISATION,
        Role.COORDINATOR: Reach.ORGANISATION,
    },
    Permission.KENNZAHLEN_FREEZE: {Role.LEAD: Reach.ORGANISATION},
    Permission.KENNZAHLEN_COLLECT: {Role.COORDINATOR: Reach.ORGANISATION, Role.LEAD: Reach.ORGANISATION},
    Permission.OWN_ACCOUNT: _EVERYBODY,
}

# "The carrier's head": a lead whose duty is for the whole carrier, not for one team.
NEEDS_WHOLE_CARRIER = frozenset(
    {
        Permission.ERASURE_EXECUTE,
        Permission.FIGURES_AGREEMENT,
        Permission.REPORT_CONFIRM,
        Permission.REPORT_BUILD,
        Permission.REPORT_CHECK,
        Permission.REPORT_RELEASE,
        Permission.KENNZAHLEN_FREEZE,
        Permission.KENNZAHLEN_COLLECT,
    }
)

# A lead opens files only with the mark "fachliche Leitung" (§ 203 StGB holds towards the employer too).
NEEDS_PROFESSIONAL_LEAD = frozenset(
    {
        Permission.CLIENT_READ,
        Permission.NOTE_ACCESS,
        Permission.ATTACHMENT_READ,
        Permission.ATTACHMENT_READ_PROTECTED,
    }
)
