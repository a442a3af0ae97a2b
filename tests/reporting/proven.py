"""Releases for tests that are really signed, by keys that tests invent, and stored with their files."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from uuid import UUID

from caseapp import clock
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.disclosure.published import Deviation
from caseapp.reporting.documents import FORMS
from caseapp.reporting.models import FileContent, ReportFile
from caseapp.reporting.rules.package import Note, Package, Released, digest_of, freeze_package, signed_payload
from caseapp.reporting.rules.verification import file_digest
from caseapp.security.signing import public_key_of, sign_with
from tests.factories.packages import package
from tests.factories.world import World
from tests.reporting.shelved import stored


def secret_of(name: str) -> bytes:
    """The signing secret of an invented office."""
    return hashlib.sha256(name.encode()).digest()


def proven(of: Package | None = None, *, signer: str = "Kreis", notes: tuple[Note, ...] = ()) -> Released:
    """The package, signed by this office."""
    found = of or deviating(package("08", "2026-Q3"))
    digest = digest_of(freeze_package(found))
    secret = secret_of(signer)
    signature = sign_with(secret, signed_payload(digest)).hex()
    return Released(found, digest, signature, public_key_of(secret).hex(), "ab" * 32, dt.date(2026, 10, 20), notes)


def deviating(found: Package) -> Package:
    """The package with one cell that had to move one step further; the engine makes such cells rarely."""
    first = found.figures[0]
    grid = Grid(Level.DISTRICT, ("topic", "sex"))
    shown = zip(first.published.lattice.geography.districts, first.published.withheld[grid], strict=True)
    area = next(code for code, hidden in shown if not hidden.any())
    entry = Deviation(grid, area, ("WOH", "W"), 9)
    others = tuple(each for each in first.published.deviations if each.area != area)
    published = replace(first.published, deviations=tuple(sorted((*others, entry))))
    return replace(found, figures=(replace(first, published=published), *found.figures[1:]))


def filed(world: World, release: Released) -> UUID:
    """The release in the database with all its files but the PDF, which stands for one that is not made yet."""
    found = stored(world, [release])[0]
    with world.unscoped(write=True) as unit:
        for kind in ("xlsx", "csv", "json"):
            content = FORMS[kind](release)
            unit.add(
                ReportFile(
                    report_id=found,
                    kind=kind,
                    made_at=clock.now(),
                    digest=file_digest(content),
                    size=len(content),
                    content=FileContent(data=content),
                )
            )
    return found
