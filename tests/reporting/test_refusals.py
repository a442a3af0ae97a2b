"""Bad input: a clear German message, no report, nothing half."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.clients.models import Client
from caseapp.errors import ConfigurationError, ForbiddenError, RuleError
from caseapp.indicators import queries as indicators
from caseapp.jobs import Job
from caseapp.places.queries import get_organisation
from caseapp.reporting import queries, service
from caseapp.reporting.disclosure.errors import UnroundableError
from caseapp.reporting.models import Report, ReportState
from caseapp.reporting.rules.funding import FundingPeriod, funding_of, key_of, load_funding_periods
from caseapp.reporting.rules.readiness import Standing, hindrances
from caseapp.reporting.service import rounding
from caseapp.security.private_files import write_private
from caseapp.tallies.periods import Period
from tests.factories.world import World
from tests.reporting.offices import FIRST, SECOND, confirmed, drafted, ordered, prepare

FUNDING = FundingPeriod("2025-2027", dt.date(2025, 1, 1), dt.date(2027, 12, 31), 14)


def standing(**values: object) -> Standing:
    given = {"period": FIRST, "today": dt.date(2026, 7, 15), "funding": FUNDING, **values}
    return Standing(**given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"today": dt.date(2026, 7, 14)}, "noch offen: Nachträge sind bis 14.07.2026 möglich. Ab 15.07.2026"),
        ({"today": dt.date(2026, 5, 1)}, "noch offen"),
        ({"funding": None}, "kein Förderzeitraum"),
        ({"last": FIRST}, "der Reihe nach"),
        ({"last": FIRST.next}, "der Reihe nach"),
        ({"last": FIRST.shifted(-2)}, "Zuerst ist 1. Quartal 2026"),
        ({"released": True, "waiting": ["A"]}, "zweite Freigabe"),
        ({"waiting": ["Stadt A", "Verein B"]}, "bestätigt: Stadt A, Verein B"),
        ({"uncounted": ["Stadt A"]}, "caseapp report rebuild"),
    ],
)
def test_each_reason_is_said_in_words(values: dict[str, object], says: str) -> None:
    (reason,) = hindrances(standing(**values))
    assert says in reason


def test_a_complete_period_that_follows_the_last_release_may_be_built() -> None:
    assert hindrances(standing()) == []
    assert hindrances(standing(last=FIRST.before)) == []
    assert hindrances(standing(period=Period(2025), last=Period(2024))) == []


def test_all_reasons_are_listed_together() -> None:
    found = hindrances(standing(today=dt.date(2026, 5, 1), last=FIRST.shifted(-2), waiting=["A"], uncounted=["B"]))
    assert len(found) == 4


def test_each_funding_period_has_its_own_key_and_the_shipped_ones_leave_no_gap(tmp_path: Path) -> None:
    shipped = queries.funding_periods()
    secret = bytes(range(32))
    assert len({key_of(secret, each).secret for each in shipped}) == len(shipped) > 1
    assert secret not in {key_of(secret, each).secret for each in shipped}
    assert (
        funding_of(Period(2026, 3), shipped) == funding_of(Period(2026), shipped) != funding_of(Period(2024), shipped)
    )
    assert funding_of(Period(1999 + 1), shipped) is None
    head = "code,valid_from,valid_to,late_days,remark\n"
    for rows in (
        "a,2025-01-01,2025-12-31,14,\nb,2026-01-02,2026-12-31,14,\n",
        "a,2025-01-01,2025-12-31,14,\na,2026-01-01,2026-12-31,14,\n",
        "a,2025-12-31,2025-01-01,14,\n",
        "a,gestern,2025-01-01,14,\n",
        "a,2025-01-01,2025-12-31,-1,\n",
    ):
        (tmp_path / "f.csv").write_text(head + rows, encoding="utf-8")
        with pytest.raises(ConfigurationError):
            load_funding_periods(tmp_path / "f.csv")


def failed(world: World, period: Period = FIRST) -> str:
    """The message of a build that failed; nothing of it is stored."""
    job = ordered(world, period)
    world.services.queue.run_now(job.id, world.users["bau"])
    with world.unscoped() as unit:
        done = unit.get_one(Job, job.id)
        report = queries.get_report(job.target_id)
        assert (done.state, report.state, report.package.frozen) == ("failed", "open", b"")
        return done.message


def test_what_must_not_be_published_ends_the_build_with_a_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    (client_id, *_rest) = prepare(world, people=12)
    with pytest.raises(RuleError, match="nicht als vollständig bestätigt: Fremdstadt, Musterhausen"):
        ordered(world, FIRST)
    with pytest.raises(RuleError, match="noch nicht zu Ende"), world.unit("haupt", write=True):
        service.confirm(world.actor("haupt"), world.organisations["Musterhausen"], Period.of(clock.today()))
    with pytest.raises(ForbiddenError), world.unit("haupt", write=True):
        service.confirm(world.actor("haupt"), world.organisations["Fremdstadt"], FIRST)
    with pytest.raises(ForbiddenError):
        ordered(world, FIRST, by="leitung")  # leads a team
    confirmed(world, FIRST)
    confirmed(world, FIRST)  # a second click
    with pytest.raises(RuleError, match="noch offen"):
        ordered(world, Period.of(clock.today()))

    # A municipality that nobody knows any more.
    with world.unscoped(write=True) as unit:
        unit.get_one(Client, client_id).ags = "08117999"
    assert "08117999" in failed(world)
    with world.unscoped(write=True) as unit:
        unit.get_one(Client, client_id).ags = "08117001"

    # A code without a class: the message names list and code, never a person.
    rows = {name: dict(rows) for name, rows in indicators.mapping().by_dimension.items()}
    del rows["topic"]["topics", "WOH"]
    without = type(indicators.mapping())(rows)
    with monkeypatch.context() as patched:
        patched.setattr(indicators, "mapping", lambda: without)
        said = failed(world)
    assert "mapping.csv" in said
    assert "Kanarienvogel" not in said

    # Tables that cannot be rounded.
    def unroundable(*_given: object, **_more: object) -> None:
        raise UnroundableError("nothing fits")

    with monkeypatch.context() as patched:
        patched.setattr(rounding, "control", unroundable)
        assert "lassen sich nicht so runden" in failed(world)

    # The statistics key is gone.
    ring = world.services.settings.keys_dir / "ring.json"
    kept = ring.read_bytes()
    content = msgspec.json.decode(kept)
    del content["named"]["statistics"]
    write_private(ring, msgspec.json.encode(content))
    world.services.keystore.keyring.refresh()
    assert "Statistikschlüssel" in failed(world)
    write_private(ring, kept)
    world.services.keystore.keyring.refresh()


def test_a_build_that_is_killed_or_overtaken_leaves_nothing_half(world: World) -> None:
    prepare(world, people=12)
    confirmed(world, FIRST)
    # Killed in between: the job says so, and the build can be ordered again. A job that is not the last stores nothing.
    old = ordered(world, FIRST)
    with pytest.raises(RuleError, match="wird gerade gebaut"):
        ordered(world, FIRST)
    with world.unscoped(write=True) as unit:
        unit.get_one(Job, old.id).state = "failed"
    report = drafted(world, FIRST)
    with pytest.raises(RuleError, match="neu begonnen"), world.unit("bau", write=True):
        service.keep_draft(world.actor("bau"), report.id, uuid4(), None)  # type: ignore[arg-type]
    with pytest.raises(RuleError, match="bestätigt"):
        ordered(world, SECOND)

    # A carrier without a seat.
    with world.services.database.unit(None, write=True):
        organisation = get_organisation(world.organisations["Fremdstadt"])
        organisation.profile = msgspec.structs.replace(organisation.profile, ags="")
    with pytest.raises(RuleError, match="Beim Träger „Fremdstadt“ fehlt der Sitz"):
        ordered(world, FIRST)
    with world.unscoped() as unit:
        assert [each.state for each in unit.scalars(select(Report))] == [ReportState.DRAFT.value]
