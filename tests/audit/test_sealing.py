"""The sealer: nothing committed stays out, and every interruption can be repeated."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import delete, select, update

from caseapp import audit, clock
from caseapp.audit import sealing
from caseapp.audit.models import AuditBatch, AuditEvent
from caseapp.audit.proofs import unpack
from caseapp.audit.values import noted
from caseapp.errors import RuleError
from caseapp.security import signing
from caseapp.security.signing import BrokenChainError, Signer
from tests.factories.bare import bare_file
from tests.factories.files import stored_file
from tests.factories.world import World


def seal(world: World) -> int:
    return audit.seal_pending(world.services.database)


def problems(world: World) -> list[str]:
    return audit.verify(world.services.database).problems


def record(world: World, action: str = "test:event") -> None:
    with world.unit("maier", write=True):
        audit.record(action)


def state_file(world: World) -> Path:
    return world.services.settings.keys_dir / "audit-signing.json"


def test_an_untouched_log_verifies(world: World) -> None:
    stored_file(world)
    assert seal(world) > 0
    record(world)
    report = audit.verify(world.services.database)
    assert report.problems == []
    assert report.waiting == 1
    assert report.values > 10
    assert seal(world) == 1
    assert seal(world) == 0
    assert problems(world) == []


def test_the_state_file_is_for_its_owner_only_and_never_holds_an_old_key(world: World) -> None:
    record(world)
    seal(world)
    first = json.loads(state_file(world).read_bytes())
    assert state_file(world).stat().st_mode & 0o777 == 0o400
    record(world)
    seal(world)
    second = json.loads(state_file(world).read_bytes())
    assert (first["number"], second["number"]) == (2, 3)
    assert first["key"] not in json.dumps(second)


def test_a_state_file_that_others_may_read_is_refused(world: World) -> None:
    record(world)
    seal(world)
    state_file(world).chmod(0o444)
    record(world)
    with pytest.raises(signing.ConfigurationError, match="chmod 0400"):
        seal(world)


def test_a_row_that_commits_after_a_later_one_was_sealed_is_in_a_later_batch(world: World) -> None:
    early = clock.now() - dt.timedelta(minutes=1)
    record(world)
    seal(world)
    with world.unit("maier", write=True) as unit:
        unit.add(AuditEvent(at=early, action="test:late"))
    assert seal(world) == 1
    assert problems(world) == []


@pytest.mark.parametrize("step", ["prepare", "advance", "settle"])
def test_a_crash_between_two_steps_is_repeated_without_loss(
    world: World, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(world)
    seal(world)
    record(world)

    def crash(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        if step == "settle":
            broken.setattr(sealing, "settle", crash)
        else:
            broken.setattr(Signer, step, crash)
        with pytest.raises(KeyboardInterrupt):
            seal(world)
    assert problems(world) == []
    seal(world)
    record(world)
    seal(world)
    report = audit.verify(world.services.database)
    assert (report.problems, report.waiting) == ([], 0)


def test_a_crash_in_the_middle_of_writing_the_key_keeps_the_old_one(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(world)
    seal(world)
    record(world)
    state_file(world).with_suffix(".new").write_bytes(b"half")
    seal(world)
    assert problems(world) == []


def test_more_events_than_one_batch_holds_are_sealed_in_several(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    seal(world)
    monkeypatch.setattr(sealing, "MOST", 7)
    for _event in range(20):
        record(world)
    assert seal(world) == 20
    report = audit.verify(world.services.database)
    assert (report.problems, report.batches) == ([], 4)


def test_events_and_values_from_before_are_adopted_by_the_first_seal_and_marked(world: World) -> None:
    stored_file(world)
    with world.unscoped(write=True) as unit:
        unit.execute(update(AuditEvent).values(mac=None, detail_digest=None, envelopes=None))
    seal(world)
    record(world)
    seal(world)
    report = audit.verify(world.services.database)
    assert report.problems == []
    assert any("aus der Zeit vor den Siegeln" in remark for remark in report.remarks)
    with world.unscoped() as unit:
        assert unit.scalars(select(AuditBatch.adopted).order_by(AuditBatch.number)).all()[0] is True


def test_an_event_without_a_code_is_adopted_by_no_later_seal(world: World) -> None:
    record(world)
    seal(world)
    with world.unscoped(write=True) as unit:
        record_id = unit.scalars(select(AuditEvent.id).limit(1)).one()
        unit.execute(update(AuditEvent).where(AuditEvent.id == record_id).values(mac=None, batch=None))
    seal(world)
    assert any("eingeschleust" in problem for problem in problems(world))


def test_a_lost_signing_key_stops_the_sealer_and_is_said(world: World) -> None:
    record(world)
    seal(world)
    state_file(world).unlink()
    record(world)
    with pytest.raises(BrokenChainError, match="audit resume"):
        seal(world)
    assert any("Siegelschlüssel fehlt" in problem for problem in problems(world))
    assert any("Siegelschlüssel fehlt" in problem for problem in audit.problems(world.services.database))
    audit.resume(world.services.database, "Schlüssel verloren")
    report = audit.verify(world.services.database)
    assert report.problems == []
    assert any("nach einem Bruch" in remark for remark in report.remarks)


def test_data_older_than_the_signing_key_stop_the_sealer_and_are_said(world: World) -> None:
    record(world)
    seal(world)
    for _round in range(3):
        record(world)
        seal(world)
    with world.unscoped(write=True) as unit:
        unit.execute(delete(AuditEvent).where(AuditEvent.batch > 2))
        unit.execute(delete(AuditBatch).where(AuditBatch.number > 2))
    record(world)
    with pytest.raises(BrokenChainError, match="Ende wurde abgeschnitten"):
        seal(world)
    assert any("Ende wurde abgeschnitten" in problem for problem in problems(world))
    assert audit.verify(world.services.database, tail=False).problems == []
    audit.resume(world.services.database, "Sicherung vom Montag")
    record(world)
    seal(world)
    report = audit.verify(world.services.database)
    assert report.problems == []
    assert any("Siegel 5" in remark and "hinter Siegel 2" in remark for remark in report.remarks)


def test_a_chain_that_is_whole_is_not_resumed(world: World) -> None:
    record(world)
    seal(world)
    with pytest.raises(RuleError):
        audit.resume(world.services.database, "nur so")


def test_a_clock_set_back_is_recorded_and_said(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record(world)
    seal(world)
    earlier = clock.now() - dt.timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: earlier)
    record(world)
    seal(world)
    report = audit.verify(world.services.database)
    assert report.problems == []
    assert any("Uhr wurde zurückgestellt" in remark for remark in report.remarks)
    with world.unscoped() as unit:
        assert unit.scalars(select(AuditEvent).where(AuditEvent.action == "audit:clock_back")).all()


def test_events_that_wait_long_are_said_by_check(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    record(world)
    assert list(audit.problems(world.services.database)) == []
    later = clock.now() + dt.timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert any("warten seit" in problem for problem in audit.problems(world.services.database))
    seal(world)
    assert list(audit.problems(world.services.database)) == []


def test_old_events_go_by_whole_seals_and_the_chain_still_verifies(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored_file(world)
    old = clock.now()
    seal(world)
    record(world)
    seal(world)
    later = old + dt.timedelta(days=400)
    monkeypatch.setattr(clock, "now", lambda: later)
    monkeypatch.setattr(clock, "today", later.date)
    with world.unit("maier", write=True) as unit:
        unit.add(AuditEvent(at=later, action="test:young"))
    seal(world)
    before = audit.verify(world.services.database)
    assert audit.prune(world.services.database, later.date() - dt.timedelta(days=100)) == 2
    after = audit.verify(world.services.database)
    assert (after.problems, after.values) == ([], before.values)
    assert after.events < before.events
    assert after.batches == before.batches + 1
    assert any("nach ihrer Frist gelöscht" in remark for remark in after.remarks)
    assert audit.prune(world.services.database, later.date() - dt.timedelta(days=100)) == 0
    with pytest.raises(RuleError):
        audit.prune(world.services.database, later.date() + dt.timedelta(days=1))


def test_a_rolled_back_savepoint_takes_its_digests_along(world: World) -> None:
    with world.unit("maier", write=True) as unit:
        before = bare_file(world)
        savepoint = unit.begin_nested()
        undone = bare_file(world).id
        audit.record("test:nested")
        unit.flush()
        savepoint.rollback()
        before.head = msgspec.structs.replace(before.head, given_names="Mina")
        audit.record("test:after")
    with world.unscoped() as unit:
        rows = [row for each in noted(unit) for _t, _c, rows in unpack(each.packed) for row, _r, _d in rows]
    assert undone.bytes not in rows
    assert before.id.bytes in rows
    assert problems(world) == []


def test_what_no_event_takes_is_noted_without_a_name(world: World) -> None:
    with world.unit("maier", write=True):
        client_id = bare_file(world).id
    with world.unscoped() as unit:
        events = unit.scalars(select(AuditEvent).where(AuditEvent.action == "record:written")).all()
        mine = [
            each
            for each in events
            if any(client_id.bytes in (row for row, _r, _d in rows) for _t, _c, rows in unpack(each.envelopes or b""))
        ]
        assert [each.actor_id for each in mine] == [None]
    assert problems(world) == []
