"""From confirmations to a release: three people, frozen bytes, nothing of a client in them."""

from __future__ import annotations

import json
import re
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp.audit import AuditEvent
from caseapp.clients.models import Client
from caseapp.db import session
from caseapp.errors import ConflictError, RuleError
from caseapp.jobs import JobContext
from caseapp.reporting import jobs, queries, service
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.disclosure.quality import UTILITY
from caseapp.reporting.models import Report
from caseapp.reporting.rules.package import Package, Released, digest_of, freeze_package, signed_payload
from caseapp.security.signing import is_signed
from caseapp.tallies.keys import record_key
from caseapp.tallies.periods import Period
from tests.factories.world import World
from tests.reporting.offices import (
    FIRST,
    SECOND,
    checked,
    confirmed,
    counselled,
    drafted,
    ordered,
    prepare,
    released,
    whole,
)

STATE, DISTRICT = Grid(Level.STATE, ()), Grid(Level.DISTRICT, ())
LATER = Period(2026, 3)


def frozen_of(world: World, report_id: UUID) -> bytes:
    with world.unscoped():
        return queries.get_report(report_id).package.frozen


def package_of(world: World, report_id: UUID) -> Package:
    with world.unscoped():
        return queries.package_of(queries.get_report(report_id))


def test_two_quarters_from_confirmations_to_releases(world: World) -> None:
    clients = prepare(world)
    first = whole(world, FIRST)
    before = frozen_of(world, first.id)
    counselled(world, "maier", 12, seed=3, months=(5, 8))  # recorded after the first release
    second = whole(world, SECOND)

    # The frozen bytes are the package, its digest is signed, and late entries leave it as it was.
    assert frozen_of(world, first.id) == before
    with world.unscoped():
        one, two = queries.released(queries.get_release(first.id)), queries.released(queries.get_release(second.id))
    assert digest_of(freeze_package(one.package)) == one.digest == digest_of(before)
    assert is_signed(signed_payload(one.digest), bytes.fromhex(one.signature), bytes.fromhex(one.public_key))
    assert two.package.previous == one.digest
    assert two.public_key == one.public_key
    assert (one.package.number, two.package.number) == ("08117-2026-Q2", "08117-2026-Q3")
    assert [each.number for each in two_newest(world)] == ["08117-2026-Q3", "08117-2026-Q2"]

    # Exact counts are kept of the last release only: nobody needs the others any more.
    with world.unscoped():
        assert queries.get_report(first.id).memory.parts == ()
        assert queries.get_report(second.id).memory.parts

    # 120 people are counted; what came late counts in the second quarter. A Kreis stands there once.
    persons = {each.name: each.published for each in one.package.figures}["i1"]
    assert 120 - 5 < int(persons.values[STATE][0]) < 120 + 5
    assert persons.values[STATE].tolist() == persons.values[DISTRICT].tolist()
    later = {each.name: each.published for each in two.package.figures}["i1"]
    assert 132 - 5 < int(later.values[STATE][0]) < 132 + 5
    assert [(area.ags, area.level) for area in one.package.areas] == [("08117", 1)]
    assert not any(table.finest == Level.STATE for table in persons.lattice.catalogue.tables)
    sexes = persons.lattice.catalogue.dimension("sex").classes
    assert sexes == ("f", "m")  # divers and no entry are allotted

    # Nothing of a client: no name, no number, no id, no record key; neither outside nor in the memory.
    with world.unscoped() as unit:
        files = unit.execute(select(Client.id, Client.file_number)).all()
        kept = [queries.get_report(each.id) for each in (first, second)]
        texts = [each.package.frozen for each in kept] + [p.memory for each in kept for p in each.memory.parts]
        keys = [str(record_key(client_id)) for client_id in clients]
    for text in texts:
        said = text.decode()
        assert "Kanarienvogel" not in said
        assert not any(number in said for _id, number in files)
        assert not any(client_id.hex in said or str(client_id) in said for client_id, _number in files)
        assert not set(re.findall(r"\d{12,20}", said)) & set(keys)
    assert b'"counts":' not in before  # only the memory has them
    assert "counts" in json.loads(texts[-1])

    # Who did what stands in the log.
    with world.unscoped() as unit:
        events = unit.scalars(select(AuditEvent).where(AuditEvent.action.like("report:%"))).all()
        done = [(each.action, each.actor_id) for each in events]
    for action, login in (("report:build", "bau"), ("report:check", "pruef"), ("report:release", "pruef")):
        assert done.count((action, world.users[login])) == 2
    assert len([action for action, _who in done if action == "report:confirm"]) == 4


def two_newest(world: World) -> list[Report]:
    with world.unscoped():
        return list(queries.list_releases())


def test_the_same_lines_give_the_same_bytes_and_a_draft_can_be_thrown_away(world: World) -> None:
    prepare(world, people=60)
    confirmed(world, FIRST)
    report = drafted(world, FIRST)
    one = frozen_of(world, report.id)
    with world.unit("bau", write=True):
        service.discard(world.actor("bau"), queries.get_report(report.id), queries.get_report(report.id).version)
    assert frozen_of(world, report.id) == b""
    again = drafted(world, FIRST, by="pruef")
    assert again.id == report.id

    two = frozen_of(world, report.id)
    assert json.loads(one) | {"as_of": ""} == json.loads(two) | {"as_of": ""}

    with world.unscoped():
        facts = queries.get_report(report.id).facts
    assert facts.populations
    assert all(each.largest_error <= 19 for each in facts.populations)
    assert all(each.useful.smallest == UTILITY[0] for each in facts.populations)
    assert facts.unknown_places > 0  # two of the towns lie nowhere or elsewhere


def test_three_people_make_a_report(world: World) -> None:
    prepare(world, people=30)
    confirmed(world, FIRST)
    report = drafted(world, FIRST)

    def attempt(by: str, what: str, version: int | None = None) -> None:
        with world.unit(by, write=True):
            found = queries.get_report(report.id)
            seen = found.version if version is None else version
            if what == "check":
                service.check(world.actor(by), found, seen, found.facts.proposed)
            elif what == "release":
                service.release(world.actor(by), found, seen)
            else:
                service.give_back(world.actor(by), found, seen, "Bitte den Wohnort prüfen.")

    with pytest.raises(RuleError, match="prüft ihn nicht selbst"):
        attempt("bau", "check")
    with pytest.raises(RuleError, match="zuerst prüfen"):
        attempt("pruef", "release")
    with pytest.raises(ConflictError):
        attempt("pruef", "check", version=1)
    with pytest.raises(RuleError, match="beruht schon ein Entwurf"):
        unconfirmed(world)

    attempt("pruef", "give_back")
    with world.unscoped():
        found = queries.get_report(report.id)
        assert (found.state, found.package.frozen, found.answer.reason) == ("open", b"", "Bitte den Wohnort prüfen.")
    unconfirmed(world)  # nothing rests on it any more
    with pytest.raises(RuleError, match="Noch nicht als vollständig bestätigt: Musterhausen"):
        ordered(world, FIRST)
    confirmed(world, FIRST)

    drafted(world, FIRST)
    checked(world, report.id)
    with pytest.raises(RuleError, match="gibt ihn nicht frei"):
        attempt("bau", "release")
    released(world, report.id, by="haupt")
    with world.unit("pruef", write=True):  # a second click
        assert service.release(world.actor("pruef"), queries.get_report(report.id), 1) is None
    for act in ("check", "give_back"):
        with pytest.raises(RuleError, match="keinen Entwurf"):
            attempt("pruef", act)
    with pytest.raises(RuleError, match="freigegeben"), world.unit("bau", write=True):
        service.discard(world.actor("bau"), queries.get_report(report.id), queries.get_report(report.id).version)
    with pytest.raises(RuleError, match="Eine zweite Freigabe gibt es nicht"):
        ordered(world, FIRST)


def _files_job(world: World, report_id: UUID) -> UUID:
    with world.unscoped():
        found = queries.get_release(report_id).files_job_id
        assert found is not None
        return found


def unconfirmed(world: World) -> None:
    with world.unit("haupt", write=True):
        service.withdraw(world.actor("haupt"), world.organisations["Musterhausen"], FIRST)


def test_notes_and_files_come_afterwards_and_a_file_that_fails_is_made_again(world: World) -> None:
    prepare(world, people=30)
    report = whole(world, FIRST)
    broken = True

    def number(of: Released) -> bytes:
        return of.package.number.encode()

    def fragile(of: Released) -> bytes:
        if broken:
            raise ZeroDivisionError
        return number(of) + b" again"

    make = jobs.handlers({"one": number, "two": fragile})[service.FILES_JOB]
    context = JobContext(world.services.database, world.actor("pruef"), _files_job(world, report.id), report.id)
    with pytest.raises(RuleError, match="Nicht entstanden: TWO"):
        make(context)
    with world.unscoped():
        first = queries.find_file(report.id, "one")
        assert first is not None
        assert (first.content.data, first.size, queries.find_file(report.id, "two")) == (b"08117-2026-Q2", 13, None)
        assert queries.get_release(report.id).digest
    broken = False
    make(context)
    with world.unscoped():
        assert [each.kind for each in queries.list_files(report.id)] == ["one", "two"]
        again = queries.find_file(report.id, "one")
        assert again is not None
        assert again.made_at == first.made_at  # what is there stays as it is
    with world.unit("pruef", write=True):
        service.add_note(world.actor("pruef"), queries.get_release(report.id), "  Zwei  Talks\nwaren doppelt. ")
    with world.unscoped():
        (note,) = queries.released(queries.get_release(report.id)).notes
        assert note.text == "Zwei Talks waren doppelt."
        assert session().get_one(Report, report.id).digest == report.digest

    second = whole(world, SECOND)
    assert any("Zwei Talks" in remark for remark in package_of(world, second.id).remarks)
