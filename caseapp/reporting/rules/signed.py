"""The signed package file: the frozen package with what proves it, as one line of JSON.

The signature covers the digest of the package and so every figure and every word of it. Day of the release, audit root
and notes stand beside it and are not signed: notes come later, and figures never change.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import msgspec

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.reporting.disclosure.catalogue import Catalogue, Dimension, Table
from caseapp.reporting.disclosure.geography import Geography, Level
from caseapp.reporting.rules.package import (
    Note,
    Package,
    PackageError,
    Released,
    digest_of,
    freeze_package,
    signed_payload,
    thaw_package,
)
from caseapp.security.signing import is_signed

FORMAT = "caseapp signed report 1"
LARGEST = 40_000_000  # bytes of a package file
_MOST_PARTS, _MOST_DIMENSIONS = 500, 60
_BROKEN = (ArithmeticError, AttributeError, IndexError, KeyError, RecursionError, TypeError, ValueError)


class FileError(RuleError, PackageError):
    """The file is not what it should be; the message is a German sentence that says what is wrong."""


def write(released: Released) -> bytes:
    """The signed package file. Its member `package` is, byte for byte, what the digest is made of."""
    beside = {
        "audit_root": released.audit_root,
        "digest": released.digest,
        "format": FORMAT,
        "notes": [{"on_day": note.on_day.isoformat(), "text": note.text} for note in released.notes],
        "package": None,
        "public_key": released.public_key,
        "released_on": released.released_on.isoformat(),
        "signature": released.signature,
    }
    text = json.dumps(beside, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    before, after = text.split('"package":null', 1)
    return b"".join((before.encode("ascii"), b'"package":', freeze_package(released.package), after.encode("ascii")))


def read(content: bytes) -> Released:
    """The release of a signed package file, whoever signed it; `check` says whether it proves itself.

    Takes the same JSON with other white space too. FileError for everything else; nothing is laid out in memory
    before it is certain to be no larger than the file.
    """
    if len(content) > LARGEST:
        raise FileError(_("Die Datei ist zu groß für einen Bericht."))
    try:
        found = json.loads(content)
        _check_format(found["format"])
        return Released(
            package=_package(found["package"]),
            digest=_text(found, "digest"),
            signature=_text(found, "signature"),
            public_key=_text(found, "public_key"),
            audit_root=_text(found, "audit_root"),
            released_on=dt.date.fromisoformat(found["released_on"]),
            notes=tuple(msgspec.convert(found["notes"], list[Note])),
        )
    except FileError:
        raise
    except _BROKEN as error:
        raise FileError(_("Die Datei ist kein signierter Bericht.")) from error


def problems(released: Released) -> list[str]:
    """What speaks against the release: digest, signature, number and sums, as German sentences. Empty: it is genuine.

    Whose key signed it is another question, which `public_key` answers.
    """
    found = []
    package = released.package
    digest = digest_of(freeze_package(package))
    if digest != released.digest:
        found.append(
            _(
                "Die Prüfsumme stimmt nicht, der Inhalt wurde verändert: Er hat %(found)s… statt %(said)s …",
                said=released.digest[:16],
                found=digest[:16],
            )
        )
    if not _signed(released):
        found.append(_("Die Unterschrift passt nicht zu Prüfsumme und Schlüssel."))
    expected = f"{package.scope}-{package.period}"
    if package.number != (f"{expected}-summe" if package.sources else expected):
        found.append(_("Die Nummer %(number)s passt nicht zu Gebiet und Zeitraum.", number=package.number[:40]))
    broken = [figures.name[:40] for figures in package.figures if figures.published.sums()[0]]
    return found + [_("Die Summen der Tabellen „%(name)s“ gehen nicht auf.", name=name) for name in broken]


def _signed(released: Released) -> bool:
    try:
        signature, key = bytes.fromhex(released.signature), bytes.fromhex(released.public_key)
        return is_signed(signed_payload(released.digest), signature, key)
    except ValueError:
        return False


def _package(found: dict[str, Any]) -> Package:
    """The package of plain data whose arrays are as long as its catalogue says, so that nothing can grow."""
    frozen = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    if len(found["figures"]) > _MOST_PARTS:
        raise FileError(_("Die Datei enthält mehr Tabellen, als ein Bericht hat."))
    for each in found["figures"]:
        _check_sizes(each["published"])
    package = thaw_package(frozen)
    if freeze_package(package) != frozen:
        raise FileError(_("Die Datei enthält Angaben, die kein Bericht hat."))
    return package


def _check_sizes(published: dict[str, Any]) -> None:
    described, places, values = published["catalogue"], published["geography"], published["values"]
    if len(described["dimensions"]) > _MOST_DIMENSIONS or len(described["tables"]) > _MOST_PARTS:
        raise FileError(_("Die Datei enthält mehr Tabellen, als ein Bericht hat."))
    dimensions = tuple(
        Dimension(each["name"], tuple(each["classes"]), frozenset(each["sensitive"]), each["rest"], each["outcome"])
        for each in described["dimensions"]
    )
    tables = tuple(
        Table(each["name"], tuple(each["dimensions"]), Level(each["finest"])) for each in described["tables"]
    )
    catalogue = Catalogue(described["name"], described["version"], dimensions, tables, described["base"])
    geography = Geography(
        places["state"], tuple(places["districts"]), tuple(places["municipalities"]), tuple(places["district_of"])
    )
    grids = catalogue.grids()
    if set(values) != {str(grid) for grid in grids}:
        raise FileError(_("Die Tabellen der Datei passen nicht zu ihrem Katalog."))
    for grid in grids:
        size = 1
        for axis in catalogue.shape(grid, geography):
            size *= axis
        if size != len(values[str(grid)]) or not all(map(_is_number, values[str(grid)])):
            raise FileError(_("Die Tabelle „%(name)s“ der Datei ist unvollständig.", name=str(grid)[:60]))


def _is_number(value: object) -> bool:
    return value is None or (type(value) is int and 0 <= value < 2**62)


def _check_format(said: object) -> None:
    if said != FORMAT:
        raise FileError(_("Das Format der Datei ist unbekannt. Erwartet wird „%(format)s“.", format=FORMAT))


def _text(found: dict[str, Any], name: str) -> str:
    value = found[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value
