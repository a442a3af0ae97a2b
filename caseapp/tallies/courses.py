"""The course of a case as the figures know it: all lines of one person, sorted into kinds. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from caseapp.tallies.lines import (
    ActivityLine,
    AdviceLine,
    AgreementLine,
    AnyLine,
    BenefitLine,
    ContactLine,
    FollowupLine,
    GoalLine,
    HouseholdLine,
    LanguageLine,
    PersonLine,
    PresenceLine,
    ReferralLine,
    ReferralStepLine,
    ReviewLine,
    SchoolLine,
    StayLine,
    TitleLine,
    WorkLine,
)


@dataclass(slots=True)
class Course:
    """One person. `key` is the record key, 0 to 2^64 - 1. Lines stand in no certain order."""

    key: int
    organisation_id: UUID
    person: PersonLine | None = None
    households: list[HouseholdLine] = field(default_factory=list)
    titles: list[TitleLine] = field(default_factory=list)
    stays: list[StayLine] = field(default_factory=list)
    works: list[WorkLine] = field(default_factory=list)
    benefits: list[BenefitLine] = field(default_factory=list)
    languages: list[LanguageLine] = field(default_factory=list)
    schools: list[SchoolLine] = field(default_factory=list)
    contacts: list[ContactLine] = field(default_factory=list)
    presences: list[PresenceLine] = field(default_factory=list)
    goals: list[GoalLine] = field(default_factory=list)
    reviews: list[ReviewLine] = field(default_factory=list)
    followups: list[FollowupLine] = field(default_factory=list)
    agreements: list[AgreementLine] = field(default_factory=list)
    referrals: list[ReferralLine] = field(default_factory=list)
    referral_steps: list[ReferralStepLine] = field(default_factory=list)


@dataclass(slots=True)
class Office:
    """What was done without a file, in one organisation."""

    organisation_id: UUID
    advice: list[AdviceLine] = field(default_factory=list)
    activities: list[ActivityLine] = field(default_factory=list)


_PLACES: dict[type, str] = {
    HouseholdLine: "households",
    TitleLine: "titles",
    StayLine: "stays",
    WorkLine: "works",
    BenefitLine: "benefits",
    LanguageLine: "languages",
    SchoolLine: "schools",
    ContactLine: "contacts",
    PresenceLine: "presences",
    GoalLine: "goals",
    ReviewLine: "reviews",
    FollowupLine: "followups",
    AgreementLine: "agreements",
    ReferralLine: "referrals",
    ReferralStepLine: "referral_steps",
}


def sort_in(course: Course, line: AnyLine) -> None:
    """Put one line where it belongs."""
    if isinstance(line, PersonLine):
        course.person = line
    else:
        getattr(course, _PLACES[type(line)]).append(line)


def assemble(organisation_id: UUID, lines: Iterable[tuple[int, AnyLine]]) -> list[Course]:
    """The courses of an organisation from (record key, line), ordered by key; a person without a file line is left
    out: the file was erased in between."""
    found: dict[int, Course] = {}
    for key, line in lines:
        course = found.get(key)
        if course is None:
            course = found[key] = Course(key, organisation_id)
        sort_in(course, line)
    return [found[key] for key in sorted(found) if found[key].person is not None]
