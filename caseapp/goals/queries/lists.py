"""What the code lists say about goals: areas, their topics and measures, wordings to choose from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from caseapp import clock
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.rules import Code


def areas(organisation_id: UUID, *, keep: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The areas that a carrier offers, as (code, label)."""
    return catalogue.options("goal_areas", organisation_id, keep=keep)


def measure_of(area: str, on: dt.date | None = None) -> str:
    """What is measured in this area: housing, employment, language, benefits, or "" for an area without a history."""
    return _extra(area, "measure", on)


def topics_of(area_codes: Iterable[str]) -> tuple[str, ...]:
    """The topics of counselling that belong to these areas, each once, in the order of the areas."""
    return tuple(
        dict.fromkeys(topic for area in area_codes for topic in _extra(area, "topics", None).split("|") if topic)
    )


def event_kinds(measure: str, on: dt.date | None = None) -> list[Code]:
    """What can be counted towards a goal of this kind."""
    offered = catalogue.catalogue().choices("goal_events", on or clock.today())
    return [code for code in offered if measure and code.extra["measure"] == measure]


def wordings(on: dt.date | None = None) -> list[Code]:
    """Professional wordings to choose from, with their area, a sign to notice it by and usual steps of both sides."""
    return list(catalogue.catalogue().choices("goal_wordings", on or clock.today()))


def _extra(area: str, column: str, on: dt.date | None) -> str:
    code = catalogue.catalogue().find("goal_areas", area, on)
    return code.extra.get(column, "") if code else ""
