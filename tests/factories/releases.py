"""A released report in the database, with a package of invented people and without the way to it."""

from __future__ import annotations

from functools import cache
from uuid import UUID

from caseapp import clock
from caseapp.db import session
from caseapp.reporting.models import Answer, MemoryBox, PackageBox, Proof, Report, ReportFacts, ReportState
from caseapp.reporting.rules.package import digest_of, freeze_package
from tests.factories.packages import package
from tests.factories.world import World


@cache
def _frozen() -> bytes:
    return freeze_package(package("08117", "2026-Q2", clients=400))


def stored_release(world: World, login: str) -> UUID:
    """The id of a release of a long past year, another one for each person of the world."""
    frozen, now = _frozen(), clock.now()
    report = Report(
        scope="08117",
        period=f"{2000 + sorted(world.users).index(login)}-Q1",
        funding_period="2025-2027",
        state=ReportState.RELEASED.value,
        digest=digest_of(frozen),
        as_of=now,
        built_by=world.users["koord"],
        checked_by=world.users[login],
        checked_at=now,
        released_by=world.users[login],
        released_at=now,
        package=PackageBox(frozen=frozen),
        memory=MemoryBox(),
        facts=ReportFacts(),
        answer=Answer(),
        proof=Proof(signature="00" * 64, public_key="11" * 32, audit_root=""),
    )
    session().add(report)
    session().flush()
    return report.id
