"""What leaves the house: the package of one release, with everything that a reader needs to understand it.

A package holds no secret and no exact number. It is frozen as canonical JSON; its SHA-256 is what is signed, printed on
every form of the report and checked by `caseapp report verify`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from caseapp.reporting.disclosure.published import Published


@dataclass(frozen=True)
class Area:
    """A place of the report. `level` is 0 (Land), 1 (Kreis), 2 (Gemeinde); `members`: small ones shown together."""

    ags: str
    name: str
    level: int
    parent: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassText:
    """What a class of a dimension is called."""

    code: str
    de: str
    en: str


@dataclass(frozen=True)
class DimensionText:
    """What a dimension and its classes are called."""

    name: str
    de: str
    en: str
    classes: tuple[ClassText, ...]


@dataclass(frozen=True)
class IndicatorText:
    """An indicator as the report explains it, in the version that was valid for the period."""

    code: str
    version: int
    title_de: str
    title_en: str
    sentence_de: str
    sentence_en: str
    denominator_de: str
    denominator_en: str
    unit: str  # person | household | goal | contact | referral | closing | person_month
    kind: str  # count | outcome | amount


@dataclass(frozen=True)
class Figures:
    """The linked tables of one population: `name` is that of its catalogue, `indicator` the code that it belongs to."""

    name: str
    indicator: str
    cohort: str  # the entry cohort (2025-Q2), or the period itself
    published: Published = field(repr=False)


@dataclass(frozen=True)
class FieldQuality:
    """I15 for one field, in whole per cent of the active persons, made from rounded numbers; None: too few."""

    field: str
    de: str
    en: str
    missing: int | None
    outdated: int | None


@dataclass(frozen=True)
class CarrierState:
    """Whether a carrier has confirmed that its entries of the period are complete."""

    name: str
    confirmed_on: dt.date | None


@dataclass(frozen=True)
class Package:
    """One release. `number` is unique by scope and period: there is no second release of a period."""

    number: str  # e.g. 08117-2026-Q3
    scope: str  # AGS of the Land (08) or of the Kreis (08117)
    scope_name: str
    period: str
    funding_period: str
    catalogue_version: int
    as_of: dt.datetime  # when the figures were counted, UTC
    areas: tuple[Area, ...] = field(repr=False)
    dimensions: tuple[DimensionText, ...] = field(repr=False)
    indicators: tuple[IndicatorText, ...] = field(repr=False)
    figures: tuple[Figures, ...] = field(repr=False)
    quality: tuple[FieldQuality, ...] = ()
    carriers: tuple[CarrierState, ...] = ()
    sentences: tuple[str, ...] = ()  # three for the reader, proposed by the program, edited by the second person
    remarks: tuple[str, ...] = ()  # merged or renamed municipalities, corrections of the last release
    previous: str = ""  # digest of the release before
    sources: Mapping[str, str] = field(default_factory=dict)  # a sum of packages: number and digest of each


@dataclass(frozen=True)
class Note:
    """A correction or explanation after the release. Figures never change."""

    on_day: dt.date
    text: str


@dataclass(frozen=True)
class Released:
    """A released package with what proves it. `signature` is Ed25519 over the digest, by `public_key`, both in hex."""

    package: Package
    digest: str
    signature: str
    public_key: str
    audit_root: str
    released_on: dt.date
    notes: tuple[Note, ...] = ()
