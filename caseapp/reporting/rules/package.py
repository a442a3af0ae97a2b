"""What leaves the house: the package of one release, with everything that a reader needs to understand it.

A package holds no secret and no exact number. It is frozen as canonical JSON; its SHA-256 is what is signed, printed on
every form of the report and checked by `caseapp report verify`.

The package of a Kreis has that Kreis as the root of its geography: its `Area` stands there once, on level 1, and the
engine's grids of level 0 hold the same numbers as those of level 1 (`shown_levels` leaves them out).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

import msgspec

from caseapp.reporting.disclosure.errors import DisclosureError
from caseapp.reporting.disclosure.frozen import thaw
from caseapp.reporting.disclosure.published import Published

FORMAT = "caseapp report package 1"
_SIGNED = b"caseapp report 1\n"
_LAND_DIGITS = 2


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
class OutcomeText:
    """A class of an outcome. `answer` (yes | no | unknown) says where a rate counts it."""

    code: str
    de: str
    en: str
    answer: str


@dataclass(frozen=True)
class RateText:
    """A rate: the classes `yes` among the classes `of` (none named: among all but the unknown ones)."""

    code: str
    de: str
    en: str
    yes: tuple[str, ...]
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class IndicatorText:
    """An indicator as the report explains it, in the version that was valid for the period.

    `limits`: what the figure does not say. `outcomes` and `rates` are those of an outcome, whose dimension has the
    codes of `outcomes` as classes.
    """

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
    limits_de: str = ""
    limits_en: str = ""
    outcomes: tuple[OutcomeText, ...] = ()
    rates: tuple[RateText, ...] = ()


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


class PackageError(ValueError):
    """These bytes are no package of a report."""


def shown_levels(package: Package) -> tuple[int, ...]:
    """The levels that a form of the report shows: from 0 for a Land, from 1 for a Kreis, which is its own root."""
    present = {area.level for area in package.areas}
    return tuple(level for level in (0, 1, 2) if level in present and (level or len(package.scope) == _LAND_DIGITS))


def freeze_package(package: Package) -> bytes:
    """The package as canonical JSON (ASCII, sorted names, no white space), with the engine's documents inside."""
    return _canonical(
        {"format": FORMAT, **_described(package), "figures": [_figures(each) for each in package.figures]}
    )


def thaw_package(frozen: bytes) -> Package:
    """The package of `freeze_package`; PackageError if these bytes cannot be one."""
    try:
        found = json.loads(frozen)
        if found.pop("format") != FORMAT:
            raise PackageError("The format of the package is unknown.")
        inside = [
            Figures(each["name"], each["indicator"], each["cohort"], thaw(_canonical(each["published"])))
            for each in found.pop("figures")
        ]
        return Package(**_converted(found), figures=tuple(inside))
    except (AttributeError, KeyError, TypeError, ValueError, DisclosureError) as error:
        raise PackageError("This is no package of a report.") from error


def digest_of(frozen: bytes) -> str:
    """SHA-256 of a frozen package, in hexadecimal digits: what is signed and printed."""
    return hashlib.sha256(frozen).hexdigest()


def signed_payload(digest: str) -> bytes:
    """The bytes that the signature of a release is made over: a line that says what it is, then the digest."""
    return _SIGNED + digest.encode("ascii")


def with_sentences(frozen: bytes, sentences: Sequence[str]) -> bytes:
    """The same frozen package with other sentences. No figure is read or written anew."""
    document = json.loads(frozen)
    document["sentences"] = list(sentences)
    return _canonical(document)


def _described(package: Package) -> dict[str, Any]:
    plain = {each.name: getattr(package, each.name) for each in fields(package) if each.name != "figures"}
    return {name: msgspec.to_builtins(value) for name, value in plain.items()}


def _figures(each: Figures) -> dict[str, Any]:
    return {
        "name": each.name,
        "indicator": each.indicator,
        "cohort": each.cohort,
        "published": each.published.document(),
    }


def _converted(found: dict[str, Any]) -> dict[str, Any]:
    kinds: dict[str, Any] = {
        "as_of": dt.datetime,
        "areas": tuple[Area, ...],
        "dimensions": tuple[DimensionText, ...],
        "indicators": tuple[IndicatorText, ...],
        "quality": tuple[FieldQuality, ...],
        "carriers": tuple[CarrierState, ...],
        "sentences": tuple[str, ...],
        "remarks": tuple[str, ...],
        "catalogue_version": int,
        "sources": dict[str, str],
    }
    return {name: msgspec.convert(value, kinds.get(name, str)) for name, value in found.items()}


def _canonical(document: object) -> bytes:
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
