"""Released reports in the database of a world, made by the engine from invented people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from caseapp import clock
from caseapp.reporting.models import (
    Answer,
    MemoryBox,
    NoteText,
    PackageBox,
    Proof,
    Report,
    ReportFacts,
    ReportNote,
    ReportState,
)
from caseapp.reporting.rules.package import Released, freeze_package
from tests.factories.world import World


def stored(world: World, releases: Iterable[Released]) -> list[UUID]:
    """The ids of these releases, stored as if two people had released them."""
    ids = []
    with world.unscoped(write=True) as unit:
        for each in releases:
            package = each.package
            row = Report(
                scope=package.scope,
                period=package.period,
                funding_period=package.funding_period,
                state=ReportState.RELEASED.value,
                digest=each.digest,
                as_of=package.as_of,
                released_at=dt.datetime.combine(each.released_on, dt.time(9), clock.BERLIN).astimezone(dt.UTC),
                package=PackageBox(frozen=freeze_package(package)),
                memory=MemoryBox(),
                facts=ReportFacts(),
                answer=Answer(),
                proof=Proof(signature=each.signature, public_key=each.public_key, audit_root=each.audit_root),
            )
            unit.add(row)
            ids.append(row.id)
    return ids


def noted(world: World, release_id: UUID, text: str) -> None:
    """Write a note to a release."""
    with world.unscoped(write=True) as unit:
        unit.add(
            ReportNote(
                report_id=release_id,
                written_by=world.users["leitung"],
                written_at=clock.now(),
                content=NoteText(text=text),
            )
        )
