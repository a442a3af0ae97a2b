"""What a record says to the figures. Plain codes, days and numbers: no text, no name, no id that a file knows.

Other records of the same person are named by `Mark`s: the first eight bytes of a keyed digest of their id.
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import msgspec

Mark = bytes


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False, tag_field="k"):
    """Base of all lines. Every field has an honest default: "not asked" is a normal value."""


class PersonLine(Line, frozen=True, kw_only=True, tag="p"):
    """A client file. `ags` and `worker_id` are those of the file today."""

    sex: str = ""  # code of the list sexes
    born_on: dt.date | None = None
    nationality: str = ""  # the first one, code of the list nationalities
    language: str = ""
    literacy: str = ""
    ags: str = ""
    team_id: UUID | None = None
    worker_id: UUID | None = None
    opened_on: dt.date
    closed_on: dt.date | None = None
    closing_reason: str = ""
    entered_on: dt.date | None = None
    au_since: dt.date | None = None  # allocated to municipal housing (Anschlussunterbringung)


class HouseholdLine(Line, frozen=True, kw_only=True, tag="h"):
    """A person's time in a household."""

    household: Mark
    anchor: bool = False
    from_on: dt.date | None = None
    until_on: dt.date | None = None


class FactLine(Line, frozen=True, kw_only=True):
    """A dated fact. `until_on` is the row's; `confirmed_on` is the last "Stand unverändert"."""

    from_on: dt.date | None = None
    until_on: dt.date | None = None
    confirmed_on: dt.date | None = None
    superseded: bool = False  # a later row took its place


class TitleLine(FactLine, frozen=True, kw_only=True, tag="t"):
    """A residence title. `until_on` may be cut by the next row; `ends_on` is the end as it was typed, from the card."""

    ends_on: dt.date | None = None
    code: str = ""
    work_permission: str = ""


class StayLine(FactLine, frozen=True, kw_only=True, tag="s"):
    """Where and how somebody lives."""

    form: str = ""
    legal_title: str = ""
    ags: str = ""


class WorkLine(FactLine, frozen=True, kw_only=True, tag="w"):
    """An occupation. `employer` tells whether two are at the same place, never where."""

    kind: str = ""
    employer: Mark = b""


class BenefitLine(FactLine, frozen=True, kw_only=True, tag="b"):
    """A benefit."""

    kind: str = ""
    supplementary: bool = False


class LanguageLine(FactLine, frozen=True, kw_only=True, tag="l"):
    """A German level and how it is known."""

    level: str = ""
    evidence: str = ""
    certified_on: dt.date | None = None


class SchoolLine(FactLine, frozen=True, kw_only=True, tag="k"):
    """Kita or school."""

    stage: str = ""  # code of the list school_stages
    support: str = ""  # code of the list school_supports


class ContactLine(Line, frozen=True, kw_only=True, tag="c"):
    """A valid contact. `topics[0]` is the main one. `imported`: taken over from an older list."""

    on_day: dt.date
    kind: str
    topics: tuple[str, ...] = ()
    minutes: int | None = None
    worker_id: UUID | None = None
    recorded_at: dt.datetime
    imported: bool = False


class PresenceLine(Line, frozen=True, kw_only=True, tag="n"):
    """Took part in the contact of another client of the household."""

    on_day: dt.date
    kind: str
    recorded_at: dt.datetime


class GoalLine(Line, frozen=True, kw_only=True, tag="g"):
    """A goal. An adjusted one names its successor and has no result."""

    goal: Mark
    area: str
    state: str
    opened_on: dt.date
    due_on: dt.date | None = None
    closed_on: dt.date | None = None
    successor: Mark = b""


class ReviewLine(Line, frozen=True, kw_only=True, tag="v"):
    """A look at a goal together."""

    goal: Mark
    on_day: dt.date
    result: str = ""


class FollowupLine(Line, frozen=True, kw_only=True, tag="f"):
    """Whether a reached goal still holds, `after_days` after `since_on`; `answer` is yes, no, unknown or "" (open)."""

    goal: Mark
    after_days: int
    since_on: dt.date
    answer: str = ""
    answered_on: dt.date | None = None


class AgreementLine(Line, frozen=True, kw_only=True, tag="a"):
    """A version of the agreement."""

    number: int
    state: str
    made_on: dt.date
    decision: str = ""  # signed | declined
    decided_on: dt.date | None = None
    review_on: dt.date | None = None


class ReferralLine(Line, frozen=True, kw_only=True, tag="r"):
    """A referral. `partner_id` names an entry of the directory, which holds no clients."""

    referral: Mark
    kind: str
    way: str
    state: str
    purpose: str = ""
    partner_id: UUID | None = None


class ReferralStepLine(Line, frozen=True, kw_only=True, tag="e"):
    """A change of a referral's state that was not taken back."""

    referral: Mark
    state: str
    on_day: dt.date


class AdviceLine(Line, frozen=True, kw_only=True, tag="x"):
    """Short advice without a file: nobody's line."""

    on_day: dt.date
    kind: str
    minutes: int | None = None
    topic: str = ""
    age_band: str = ""
    ags: str = ""
    worker_id: UUID | None = None
    recorded_at: dt.datetime


class ActivityLine(Line, frozen=True, kw_only=True, tag="y"):
    """An activity without a case: nobody's line."""

    on_day: dt.date
    kind: str
    minutes: int | None = None
    worker_id: UUID | None = None


AnyLine = (
    PersonLine
    | HouseholdLine
    | TitleLine
    | StayLine
    | WorkLine
    | BenefitLine
    | LanguageLine
    | SchoolLine
    | ContactLine
    | PresenceLine
    | GoalLine
    | ReviewLine
    | FollowupLine
    | AgreementLine
    | ReferralLine
    | ReferralStepLine
    | AdviceLine
    | ActivityLine
)
