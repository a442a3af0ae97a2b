"""Dated facts: one row of a history says what was true from a day on. The open row is the present value."""

from __future__ import annotations

import datetime as dt
import enum

from caseapp.sealed import Record


class FactKind(enum.StrEnum):
    """The six histories of a file."""

    TITLE = "title"
    STAY = "stay"
    WORK = "work"
    BENEFIT = "benefit"
    LANGUAGE = "language"
    SCHOOL = "school"


class TitleFact(Record, frozen=True, kw_only=True, tag="title"):
    """A residence title. Its end is the row's `until_on`: the most valuable single alarm."""

    code: str = ""  # list residence_titles
    bamf_decision: str = ""
    lawsuit_pending: bool = False
    residence_obligation: bool = False  # § 12a AufenthG
    work_permission: str = ""
    issued_by: str = ""
    text: str = ""  # as written in an imported sheet, where the code does not say all


class StayFact(Record, frozen=True, kw_only=True, tag="stay"):
    """Where and how somebody lives."""

    form: str = ""  # list housing_forms
    legal_title: str = ""  # list housing_titles
    street: str = ""
    postcode: str = ""
    place: str = ""
    ags: str = ""
    text: str = ""


class WorkFact(Record, frozen=True, kw_only=True, tag="work"):
    """One occupation; several may run side by side."""

    kind: str = ""  # list employment_kinds
    employer: str = ""
    hours: int | None = None
    text: str = ""


class BenefitFact(Record, frozen=True, kw_only=True, tag="benefit"):
    """One benefit; several may run side by side."""

    kind: str = ""  # list benefits
    supplementary: bool = False
    office: str = ""
    text: str = ""


class LanguageFact(Record, frozen=True, kw_only=True, tag="language"):
    """The German level and how it is known."""

    level: str = ""  # list language_levels
    evidence: str = ""  # list language_evidence
    certificate: str = ""
    certified_on: dt.date | None = None
    text: str = ""


class SchoolFact(Record, frozen=True, kw_only=True, tag="school"):
    """Kita, school or university, and who accompanies the young person there."""

    stage: str = ""  # list school_stages
    support: str = ""  # list school_supports
    school: str = ""
    text: str = ""


Fact = TitleFact | StayFact | WorkFact | BenefitFact | LanguageFact | SchoolFact


class FactBox(Record, frozen=True, kw_only=True):
    """The envelope's record: whichever fact the row holds, and the end as it was entered.

    The row's own `until_on` may be earlier: the day before the next row of a single-valued kind begins.
    """

    fact: Fact
    until_on: dt.date | None = None
