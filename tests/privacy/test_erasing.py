"""An erasure takes everything along, may be interrupted anywhere, and leaves nothing to read in any copy."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

import caseapp.privacy.service.erasing as module
from caseapp import clock
from caseapp.audit import AuditEvent, seal_pending, verify
from caseapp.clients.models import Caseload, Client, Household, HouseholdMember
from caseapp.clients.service import open_family
from caseapp.counselling.models import Contact, ContactDetail, ContactParticipant
from caseapp.counselling.service import NewContact, save_contact
from caseapp.imports import queries as imports
from caseapp.imports.models import Import, ImportPart, PartKind, WaitingContact
from caseapp.imports.rules.findings import unpack_findings
from caseapp.imports.rules.stored import unpack_stored
from caseapp.jobs import Job
from caseapp.privacy import queries
from caseapp.privacy.models import Erasure, ErasureStep
from caseapp.privacy.rules.kinds import KINDS
from caseapp.privacy.service import Eraser
from caseapp.security.vault import UnreadableError
from tests.attacks.canaries import hatch
from tests.attacks.targets import uploaded
from tests.factories.browser import Browser
from tests.factories.files import head, new_file, stored_family, stored_file
from tests.factories.world import World
from tests.imports.office import PEOPLE, TALKS, imported, imported_talks
from tests.privacy.making import decided, erased, rows_of


def test_every_table_of_clients_has_a_word_for_the_page_and_is_walked() -> None:
    names = [table.__tablename__ for table in queries.bound_tables()]
    assert names[-1] == "client"
    assert set(names) <= set(KINDS), set(names) - set(KINDS)


def test_nothing_is_left_of_an_erased_file_and_the_others_are_whole(house: World) -> None:
    aviary = hatch(house)
    gone = aviary.ids["M"]
    before = {letter: rows_of(house, each) for letter, each in aviary.ids.items()}
    erased(house, gone)
    assert rows_of(house, gone) == {}
    for letter, each in aviary.ids.items():
        if letter not in "MX":  # X took part in contacts of nobody; M took part in one of X
            assert rows_of(house, each) == before[letter], letter
    assert house.services.keystore.load([gone]) == {}
    assert gone in house.services.keystore.erasures.ids()


def test_other_files_forget_who_took_part_and_count_their_contacts_anew(house: World) -> None:
    anchor, partner, child = stored_family(house, "maier", members=3)
    actor = house.actor("maier")
    with house.unit("maier", write=True) as unit:
        shared = NewContact(on_day=_today(), kind="BUE", minutes=10, detail=ContactDetail(participants=(anchor, child)))
        kept = save_contact(actor, unit.get_one(Client, partner), shared).id
        own = NewContact(on_day=_today(), kind="BUE", minutes=10, detail=ContactDetail(participants=(child,)))
        save_contact(actor, unit.get_one(Client, anchor), own)
    erased(house, anchor)
    with house.unscoped() as unit:
        assert unit.get_one(Contact, kept).detail.participants == (child,)
        links = unit.scalars(select(ContactParticipant).order_by(ContactParticipant.id)).all()
        assert [(link.client_id, link.contact_id) for link in links] == [(child, kept)]
        members = unit.scalars(select(HouseholdMember).order_by(HouseholdMember.id)).all()
        assert {member.client_id for member in members} == {partner, child}
        assert [member.anchor for member in members].count(True) == 1
        row = unit.scalars(select(Caseload).where(Caseload.client_id == child)).one()
        assert row.last_contact_on == _today()


def test_the_last_of_a_household_takes_it_along(house: World) -> None:
    for client_id in stored_family(house, "maier", members=2):
        erased(house, client_id)
    with house.unscoped() as unit:
        assert unit.scalars(select(Household).order_by(Household.id)).all() == []


def test_lists_that_name_the_person_lose_exactly_these_lines(house: World) -> None:
    double = ("Rahimi, Zahra", "01.02.1980", "Afghanistan", "9", "", "Fr. Maier", "")
    owner = imported(house, (*PEOPLE, double))
    imported_talks(house, (*TALKS, ("08.03.2026", "Kovalenko", "Büro", "", "15", "", "Maier")))
    with house.unscoped() as unit:
        names = {client.head.full_name: client.id for client in unit.scalars(select(Client).order_by(Client.id))}
        waiting = unit.scalars(select(WaitingContact).order_by(WaitingContact.id)).all()
        named = {each.id for each in waiting if "Rahimi" in each.entry.name}
        assert len(named) == 2
        before = _lines_of(unit)
    gone = names["Rahimi, Zahra"]
    erased(house, gone)
    with house.unscoped() as unit:
        left = unit.scalars(select(WaitingContact).order_by(WaitingContact.id)).all()
        assert {each.id for each in left} == {each.id for each in waiting} - named
        assert _lines_of(unit) == [line for line in before if "Rahimi, Zahra" not in line]
        stored = unpack_stored(imports.read_parts(owner.id, PartKind.STORED))
        assert gone not in {line.client_id for line in stored}
        assert names["Kovalenko, Olena"] in {line.client_id for line in stored}


def _lines_of(unit: Any) -> list[str]:
    parts = unit.scalars(
        select(ImportPart)
        .where(ImportPart.kind == PartKind.FINDING.value)
        .order_by(ImportPart.import_id, ImportPart.number)
    )
    return [f"{line.number} {line.name}" for part in parts for line in unpack_findings(part.packed.data)]


def test_a_list_that_waits_to_be_imported_goes_if_it_names_the_person(house: World) -> None:
    client_id = stored_file(house, "maier")
    kept = uploaded(Browser(house, "oez"), "Nachname;Vorname\nRahimi;Omid\nAli;Zahra\n")["import_id"]
    gone = uploaded(Browser(house, "oez"), "Nachname;Vorname\nDoe;Jane\nRahimi;Zahra\n")["import_id"]
    erased(house, client_id)
    with house.unscoped() as unit:
        assert {str(each) for each in unit.scalars(select(Import.id).order_by(Import.id))} == {kept}
        assert gone != kept


def test_the_protocol_counts_and_names_nobody(house: World) -> None:
    aviary = hatch(house)
    with house.unscoped() as unit:
        number = unit.get_one(Client, aviary.ids["M"]).file_number
    erasure_id = erased(house, aviary.ids["M"])
    with house.unscoped() as unit:
        erasure = unit.get_one(Erasure, erasure_id)
        protocol, plan, client_id = erasure.protocol, erasure.plan, erasure.client_id
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(protocol.pdf)).pages)
    for secret in ("Amselqx", "Widerruf", "Maier", "Haupt", number, str(client_id), client_id.hex):
        assert secret not in text
    assert dict(plan.counts)["contact"] == 1
    assert dict(plan.counts)["task"] == 1
    for said in ("Integrationsmanagement", "Leitung des Trägers", "Kontakte", protocol.digest[:32], "Musterhausen"):
        assert said in text


class KilledError(Exception):
    """The process was killed here."""


@pytest.mark.parametrize("moment", range(12))
def test_an_erasure_that_is_killed_anywhere_is_finished_later(
    house: World, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    """Before or after each step: nothing acknowledged is lost, and repeating does no harm."""
    client_id, other = stored_file(house, "maier"), stored_file(house, "maier", head=head("Kovalenko", "Olena"))
    erasure_id = decided(house, client_id)
    eraser = house.services.eraser()
    step, after = divmod(moment, 2)
    calls = {"count": 0}
    original = Eraser._next

    def dying(self: Eraser, *given: Any) -> Any:
        calls["count"] += 1
        if calls["count"] == step + 1 and not after:
            raise KilledError
        reached = original(self, *given)
        if calls["count"] == step + 1:
            raise KilledError
        return reached

    monkeypatch.setattr(Eraser, "_next", dying)
    with suppress(KilledError):
        eraser.run(house.actor("haupt"), erasure_id)
    monkeypatch.setattr(Eraser, "_next", original)
    _finished(house, client_id, erasure_id, other)


@pytest.mark.parametrize("place", ["append", "destroy", "drop_remains", "remove_rows", "render"])
@pytest.mark.parametrize("after", [False, True])
def test_an_erasure_that_is_killed_inside_a_step_is_finished_later(
    house: World, monkeypatch: pytest.MonkeyPatch, place: str, after: bool
) -> None:
    client_id, other = stored_file(house, "maier"), stored_file(house, "maier", head=head("Kovalenko", "Olena"))
    erasure_id = decided(house, client_id)
    eraser = house.services.eraser()
    holder: Any = {
        "append": house.services.keystore.erasures,
        "destroy": house.services.keystore,
    }.get(place)
    original: Callable[..., Any] = eraser.render if place == "render" else getattr(holder or module, place)

    def dying(*given: Any, **named: Any) -> Any:
        if after:
            original(*given, **named)
        raise KilledError

    if place == "render":
        eraser = Eraser(eraser.database, eraser.keystore, eraser.traces, dying)
    else:
        monkeypatch.setattr(holder or module, place, dying)
    with pytest.raises(KilledError):
        eraser.run(house.actor("haupt"), erasure_id)
    monkeypatch.undo()
    _finished(house, client_id, erasure_id, other)


def _finished(world: World, client_id: UUID, erasure_id: UUID, other: UUID) -> None:
    """Whatever was done: the next start finishes it, and the protocol counts what really went."""
    world.services.eraser().resume(older_than=dt.timedelta(0))
    with world.unscoped() as unit:
        erasure = unit.get_one(Erasure, erasure_id)
        assert erasure.step == ErasureStep.DONE
        assert erasure.protocol.pdf.startswith(b"%PDF")
        assert dict(erasure.plan.counts)["client"] == 1
        assert unit.get_one(Client, other).head.family_name == "Kovalenko"
    assert rows_of(world, client_id) == {}
    assert world.services.keystore.load([client_id]) == {}
    assert client_id in world.services.keystore.erasures.ids()


def test_once_the_key_is_gone_nobody_reads_the_file_even_before_its_rows_go(
    house: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = stored_file(house, "maier")
    erasure_id = decided(house, client_id)

    def killed(_client_id: UUID) -> bool:
        raise KilledError

    monkeypatch.setattr(module, "remove_rows", killed)
    with pytest.raises(KilledError):
        house.services.eraser().run(house.actor("haupt"), erasure_id)
    with house.unscoped() as unit, pytest.raises(UnreadableError):
        _head = unit.get_one(Client, client_id).head


def test_what_the_log_said_of_the_file_goes_and_its_days_stay(house: World) -> None:
    client_id = stored_file(house, "maier")
    with house.unscoped() as unit:
        before = unit.scalar(select(func.count(AuditEvent.id)).where(AuditEvent.client_id == client_id))
    erased(house, client_id)
    with house.unscoped() as unit:
        events = unit.scalars(select(AuditEvent).where(AuditEvent.client_id == client_id).order_by(AuditEvent.at)).all()
        assert len(events) > (before or 0)
        assert events[0].action == "client:open"
        assert all(event.detail is None for event in events)
        assert {"erasure:request", "erasure:decide", "client:erase"} <= {event.action for event in events}
        assert unit.scalars(select(Job).where(Job.target_id == client_id).order_by(Job.id)).all() == []


def test_a_large_family_costs_no_more_statements_for_its_other_members(
    house: World, count_statements: Callable[[], Any]
) -> None:
    small, large = stored_file(house, "maier"), stored_file(house, "maier")
    actor = house.actor("maier")
    with house.unit("maier", write=True) as unit:
        client = unit.get_one(Client, large)
        for _number in range(20):
            save_contact(actor, client, NewContact(on_day=_today(), kind="TEL", minutes=5, detail=ContactDetail()))
        open_family(actor, [new_file(house, "maier"), new_file(house, "maier")])
    numbers = []
    for client_id in (small, large):
        with house.unit("haupt") as unit, count_statements() as count:
            queries.count_rows(client_id)
        numbers.append(int(count))
        assert unit is not None
    assert numbers[0] == numbers[1]


def _today() -> dt.date:
    return clock.today()


def test_the_log_still_verifies_after_an_erasure(house: World) -> None:
    client_id, _other = stored_file(house, "maier"), stored_file(house, "maier")
    seal_pending(house.services.database)
    erased(house, client_id)
    seal_pending(house.services.database)
    report = verify(house.services.database)
    assert report.problems == []
