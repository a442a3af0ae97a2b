"""Summing the signed reports of Kreise to one of the Land, and which keys may sign for a Kreis."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from caseapp import audit
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.places import queries as places
from caseapp.reporting.rules import signed
from caseapp.reporting.rules.labels import LAND, LAND_NAME, scope_name
from caseapp.reporting.rules.package import Released
from caseapp.reporting.rules.summing import Land, Summed, sum_packages
from caseapp.reporting.service.acting import require
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.settings import PROJECT_ROOT

_PAIR = re.compile(r"([0-9]{5})\s*[=:;, ]\s*([0-9a-fA-F]{64})")
_KEYS = PROJECT_ROOT / "config" / "reporting" / "report_keys.csv"


def land() -> Land:
    """The Land with all its Kreise."""
    gazetteer = places.gazetteer()
    return Land(LAND, LAND_NAME, {ags: scope_name(ags, gazetteer) for ags in gazetteer.districts})


@lru_cache(maxsize=1)
def listed_keys() -> Mapping[str, frozenset[str]]:
    """The confirmed public keys by Kreis, from `config/reporting/report_keys.csv`."""
    with _KEYS.open(encoding="utf-8", newline="") as file:
        return _grouped((row["ags"], row["public_key"]) for row in csv.DictReader(file))


def typed_keys(text: str) -> Mapping[str, frozenset[str]]:
    """Keys as somebody types them, one Kreis a line: `08117 = 64 digits`. RuleError on `keys` for another line."""
    pairs = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            found = _PAIR.fullmatch(line.strip())
            if found is None:
                message = _(
                    "Zeile %(number)s: Schreiben Sie den Kreis mit 5 Ziffern, dahinter 64 Zeichen.", number=number
                )
                raise RuleError(message, field="keys")
            pairs.append((found[1], found[2]))
    return _grouped(pairs)


def read_all(files: Sequence[tuple[str, bytes]]) -> list[Released]:
    """The releases of signed package files (name and content). RuleError on `files` that names the wrong file."""
    found = []
    for name, content in files:
        try:
            found.append(signed.read(content))
        except signed.FileError as refusal:
            raise RuleError(_("%(name)s: %(reason)s", name=name[-60:], reason=str(refusal)), field="files") from refusal
    return found


def sum_reports(actor: Actor, sources: Sequence[Released], keys: Mapping[str, frozenset[str]]) -> Summed:
    """The sum of released reports for a person. Nothing is stored; that it was asked for is recorded."""
    organisation_id = require(actor, Permission.REPORT_READ)
    summed = total(sources, keys)
    audit.note_read(
        "report:sum",
        organisation_id=organisation_id,
        detail=audit.Detail(note=summed.released.package.number, count=len(sources), digest=summed.released.digest),
    )
    return summed


def total(sources: Sequence[Released], keys: Mapping[str, frozenset[str]]) -> Summed:
    """The sum of released reports, under listed keys and those given. RuleError on `files` with the reason."""
    listed = listed_keys()
    known = {scope: listed.get(scope, frozenset()) | keys.get(scope, frozenset()) for scope in {*listed, *keys}}
    try:
        return sum_packages(sources, land(), known)
    except RuleError as refusal:
        raise RuleError(str(refusal), field="files") from refusal


def _grouped(pairs: Iterable[tuple[str, str]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for scope, key in pairs:
        found[scope] = found.get(scope, frozenset()) | {key.casefold()}
    return found
