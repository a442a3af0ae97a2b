"""Labels and choices of the code lists, for the running request."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from uuid import UUID

from sqlalchemy import select

from caseapp import clock, i18n
from caseapp.catalogue.models import HiddenCode
from caseapp.catalogue.rules import (
    Catalogue,
    Code,
    TitleRule,
    load_catalogue,
    load_title_rules,
)
from caseapp.db import session
from caseapp.errors import NotFoundError
from caseapp.settings import PROJECT_ROOT

_HIDDEN = "hidden_codes"


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    """The shipped lists, read once a process."""
    return load_catalogue(PROJECT_ROOT / "config" / "codelists")


@lru_cache(maxsize=1)
def title_rules() -> tuple[TitleRule, ...]:
    """The dated rules by which titles run on or need an alarm of their own."""
    return tuple(load_title_rules(PROJECT_ROOT / "config" / "rules"))


def label(name: str, code: str, on: dt.date | None = None) -> str:
    """The label of a stored code in the current language, by the record's day. "" for no code."""
    return catalogue().label(name, code, on, i18n.current_locale()) if code else ""


def choices(name: str, organisation_id: UUID, *, on: dt.date | None = None) -> list[Code]:
    """What a form offers on this day (default: today), without what the carrier hides. One statement a request."""
    return list(catalogue().choices(name, on or clock.today(), hidden=_hidden(organisation_id).get(name, ())))


def options(
    name: str,
    organisation_id: UUID,
    *,
    on: dt.date | None = None,
    keep: tuple[str, ...] = (),
) -> list[tuple[str, str]]:
    """`choices` as (code, label) for a form field; `keep` are stored codes that must stay choosable."""
    locale = i18n.current_locale()
    offered = [(code.code, code.label(locale)) for code in choices(name, organisation_id, on=on)]
    known = {code for code, _label in offered}
    return offered + [(code, label(name, code, on)) for code in keep if code and code not in known]


def hidden_codes(organisation_id: UUID) -> dict[str, frozenset[str]]:
    """What the carrier hides, by list."""
    rows = session().execute(
        select(HiddenCode.list_name, HiddenCode.code)
        .where(HiddenCode.organisation_id == organisation_id)
        .order_by(HiddenCode.list_name, HiddenCode.code)
    )
    hidden: dict[str, set[str]] = {}
    for name, code in rows:
        hidden.setdefault(name, set()).add(code)
    return {name: frozenset(codes) for name, codes in hidden.items()}


def find_hidden(organisation_id: UUID, name: str, code: str) -> HiddenCode | None:
    """The carrier's mark on a hidden code, or None."""
    return (
        session()
        .scalars(
            select(HiddenCode).where(
                HiddenCode.organisation_id == organisation_id, HiddenCode.list_name == name, HiddenCode.code == code
            )
        )
        .one_or_none()
    )


def rows_of(name: str) -> tuple[Code, ...]:
    """All rows of a list in its order, past and future ones too. Raises NotFoundError."""
    if name not in catalogue().names():
        raise NotFoundError
    return catalogue().rows(name)


def _hidden(organisation_id: UUID) -> dict[str, frozenset[str]]:
    held: dict[UUID, dict[str, frozenset[str]]] = session().info.setdefault(_HIDDEN, {})
    if organisation_id not in held:
        held[organisation_id] = hidden_codes(organisation_id)
    return held[organisation_id]
