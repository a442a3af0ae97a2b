"""The services of the client file on a real database."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.audit import AuditEvent
from caseapp.clients import queries, service
from caseapp.clients.models import (
    Agency,
    BenefitFact,
    Caseload,
    Client,
    ClientBody,
    ClientHead,
    FactBox,
    FactKind,
    HistoryEntry,
    LanguageFact,
    Notice,
    StayFact,
    TitleFact,
)
from caseapp.clients.service import FileChange, NewFact
from caseapp.db import session
from caseapp.errors import ConflictError, ForbiddenError, NotFoundError, RuleError
from tests.factories.files import head, new_file, stored_family, stored_file
from tests.factories.world import World

TODAY = clock.today()
STAY = FactBox(fact=StayFact(form="GU"))
FLAT = FactBox(fact=StayFact(form="PRI"))


def caseload_row(world: World, client_id: UUID) -> Caseload:
    with world.unscoped() as unit:
        return unit.scalars(select(Caseload).where(Caseload.client_id == client_id)).one()


def actions(world: World, client_id: UUID) -> list[str]:
    with world.unscoped() as unit:
        return list(
            unit.scalars(select(AuditEvent.action).where(AuditEvent.client_id == client_id).order_by(AuditEvent.at))
        )


def test_file_numbers_count_within_a_carrier_and_are_never_given_twice(world: World) -> None:
    own = [stored_file(world) for _ in range(3)]
    foreign = stored_file(world, "fremd")
    with world.unscoped() as unit:
        numbers = [unit.get_one(Client, client_id).file_number for client_id in [*own, foreign]]
    year = TODAY.year
    assert numbers == [f"{year}-00001", f"{year}-00002", f"{year}-00003", f"{year}-00001"]


def test_a_file_needs_no_more_than_a_name(world: World) -> None:
    client_id = stored_file(world, head=ClientHead(given_names="Zahra"))
    with world.unit("maier"):
        client = queries.get_client(client_id)
        assert client.head.search_line
        assert client.body == ClientBody()
    assert caseload_row(world, client_id).open


def test_a_file_without_any_name_is_refused(world: World) -> None:
    with world.unit("maier", write=True), pytest.raises(RuleError) as refusal:
        service.open_file(world.actor("maier"), new_file(world, "maier", head=ClientHead(family_name="  ")))
    assert refusal.value.field == "family_name"


def test_a_file_is_sealed_recorded_and_known_to_the_caseload(world: World) -> None:
    title = NewFact(fact=TitleFact(code="P24"), from_on=dt.date(2022, 4, 1), until_on=dt.date(2026, 3, 4))
    client_id = stored_file(world, facts=(title,), body=ClientBody(earlier_counselling_months=12))
    row = caseload_row(world, client_id)
    assert row.title_ends_on == dt.date(2027, 3, 4), "the title runs on by law"
    assert row.clock_ends_on == TODAY.replace(year=TODAY.year + 2)
    assert actions(world, client_id) == ["client:open"]
    with world.unscoped() as unit:
        assert b"Rahimi" not in unit.get_one(Client, client_id).head_blob


def test_a_colleague_may_be_given_a_file_but_not_somebody_outside_the_team(world: World) -> None:
    stored_file(world, worker_id=world.users["oez"])
    stored_file(world, worker_id=None)
    for stranger in ("sued", "leitung", "fremd"):
        with world.unit("maier", write=True), pytest.raises(RuleError):
            service.open_file(world.actor("maier"), new_file(world, "maier", worker_id=world.users[stranger]))


@pytest.mark.parametrize("login", ["lead2", "leitung"])
def test_a_lead_opens_files_with_facts_for_the_queue(world: World, login: str) -> None:
    fact = NewFact(fact=StayFact(form="GU"), from_on=dt.date(2024, 1, 1))
    assert stored_file(world, login, worker_id=None, facts=(fact,))


@pytest.mark.parametrize("login", ["admin", "dsb", "koord", "foerder", "sued", "fremd"])
def test_nobody_else_opens_files_in_this_team(world: World, login: str) -> None:
    with world.unit(login, write=True), pytest.raises(ForbiddenError):
        service.open_file(world.actor(login), new_file(world, "maier"))


def test_a_family_is_one_household_with_one_anchor(world: World) -> None:
    ids = stored_family(world, members=4)
    with world.unit("maier"):
        members = queries.list_household(ids[2])
        assert [member.client.id for member in members] == ids
        assert [member.link.anchor for member in members] == [True, False, False, False]
        assert [member.link.role.relation for member in members] == ["BEZ", "PAR", "KIN", "KIN"]


def test_one_bad_member_stores_nobody(world: World) -> None:
    good, bad = new_file(world, "maier"), new_file(world, "maier", head=ClientHead())
    with pytest.raises(RuleError), world.unit("maier", write=True):
        service.open_family(world.actor("maier"), [good, bad])
    with world.unscoped() as unit:
        assert unit.scalars(select(Client)).all() == []


def test_bulk_opening_stores_what_single_opening_stores(world: World) -> None:
    facts = (
        NewFact(fact=StayFact(form="GU"), from_on=dt.date(2022, 1, 1)),
        NewFact(fact=StayFact(form="PRI"), from_on=dt.date(2024, 1, 1)),
        NewFact(fact=TitleFact(code="P24"), from_on=dt.date(2022, 4, 1), until_on=dt.date(2026, 3, 4)),
    )
    single = stored_file(world, facts=facts)
    household = UUID(int=7)
    files = [new_file(world, "maier", facts=facts, household_id=household if n < 2 else None) for n in range(3)]
    with world.unit("maier", write=True):
        opened = service.open_files_bulk(world.actor("maier"), files)
    assert [client.file_number[-5:] for client in opened] == ["00002", "00003", "00004"]
    with world.unit("maier"):
        bulk, alone = queries.get_client(opened[0].id), queries.get_client(single)
        assert (bulk.head, bulk.body) == (alone.head, alone.body)
        facts_of = [
            {(e.kind, e.from_on, e.until_on, e.superseded, e.box) for e in queries.list_facts(client_id)}
            for client_id in (single, opened[0].id)
        ]
        assert facts_of[0] == facts_of[1]
        assert [member.link.anchor for member in queries.list_household(opened[1].id)] == [True, False]
        assert queries.list_household(opened[2].id) == []
    one, other = caseload_row(world, single), caseload_row(world, opened[0].id)
    assert (one.title_ends_on, one.clock_ends_on, one.open) == (other.title_ends_on, other.clock_ends_on, other.open)


def test_a_foreign_file_answers_as_a_missing_one(world: World) -> None:
    client_id = stored_file(world)
    for login, wanted in (("fremd", client_id), ("sued", client_id), ("maier", UUID(int=1))):
        with world.unit(login), pytest.raises(NotFoundError):
            queries.get_client(wanted)


def change_of(client: Client, **values: object) -> FileChange:
    fields = {
        "head": client.head,
        "body": client.body,
        "ags": client.ags,
        "head_rev": client.head_rev,
        "body_rev": client.body_rev,
    }
    return FileChange(**{**fields, **values})  # type: ignore[arg-type]


def test_an_edit_names_what_changed_and_leaves_the_rest_sealed_as_it_was(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        body_rev = client.body_rev
        changed = service.edit_file(
            world.actor("maier"), client, change_of(client, head=head(family_name="Karimi"), ags="08435057")
        )
        assert changed == ("family_name", "ags")
        assert client.body_rev == body_rev
    assert caseload_row(world, client_id).ags == "08435057"
    with world.unit("maier"):
        assert "karimi" in queries.get_client(client_id).head.search_line


def test_saving_over_somebody_elses_change_is_a_conflict(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        stale = change_of(client, head=head(given_names="Sahra"))
        service.edit_file(world.actor("maier"), client, change_of(client, head=head(given_names="Zarah")))
        with pytest.raises(ConflictError):
            service.edit_file(world.actor("maier"), client, stale)
        assert client.head.given_names == "Zarah"


def test_earlier_counselling_moves_the_three_year_clock(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        body = msgspec.structs.replace(client.body, earlier_counselling_months=24)
        service.edit_file(world.actor("maier"), client, change_of(client, body=body))
    assert caseload_row(world, client_id).clock_ends_on == TODAY.replace(year=TODAY.year + 1)


def test_adding_a_stay_ends_the_former_and_cancelling_it_brings_the_former_back(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        first = service.add_fact(actor, client, FactKind.STAY, STAY, dt.date(2024, 1, 1))
        second = service.add_fact(actor, client, FactKind.STAY, FLAT, dt.date(2026, 6, 1))
        assert first.until_on == dt.date(2026, 5, 31)
        assert first.superseded
        assert service.present_facts(client_id, TODAY) == [second]
        service.cancel_fact(actor, client, second)
        assert (first.until_on, first.superseded) == (None, False)
        service.restore_fact(actor, client, second)
        assert first.until_on == dt.date(2026, 5, 31)
    assert actions(world, client_id)[-4:] == ["fact:add", "fact:add", "fact:cancel", "fact:restore"]


def test_the_file_belongs_to_the_municipality_where_the_person_lives_today(world: World) -> None:
    client_id = stored_file(world, ags="08435057")
    actor = world.actor("maier")
    moved = FactBox(fact=StayFact(form="PRI", ags="08436064"))
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        service.add_fact(actor, client, FactKind.STAY, moved, TODAY + dt.timedelta(days=30))
        assert client.ags == "08435057", "not before the move"
        service.add_fact(actor, client, FactKind.STAY, moved, TODAY)
        assert client.ags == "08436064"
    assert caseload_row(world, client_id).ags == "08436064"


def test_a_correction_replaces_the_row_and_needs_the_present_revision(world: World) -> None:
    client_id = stored_file(world)
    actor = world.actor("maier")
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        entry = service.add_fact(
            actor,
            client,
            FactKind.TITLE,
            FactBox(fact=TitleFact(code="P25_3")),
            dt.date(2025, 1, 1),
            dt.date(2027, 1, 1),
        )
        session().flush()
        seen = entry.box_rev
        box = FactBox(fact=TitleFact(code="P25_5"))
        service.correct_fact(actor, client, entry, box, dt.date(2025, 1, 1), dt.date(2028, 1, 1), revision=seen)
        with pytest.raises(ConflictError):
            service.correct_fact(actor, client, entry, box, None, None, revision=seen)
    assert caseload_row(world, client_id).title_ends_on == dt.date(2028, 1, 1)


def test_unchanged_is_confirmed_with_one_tap_and_taken_back_with_another(world: World) -> None:
    old = dt.date(2026, 1, 5)
    facts = (
        NewFact(fact=StayFact(form="GU"), from_on=dt.date(2024, 1, 1), confirmed_on=old),
        NewFact(fact=BenefitFact(kind="SGB2"), confirmed_on=old),
        NewFact(fact=LanguageFact(level="A2"), confirmed_on=old),
    )
    client_id = stored_file(world, facts=facts)
    actor = world.actor("maier")
    assert caseload_row(world, client_id).confirmed_on == old
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        before = service.confirm_facts(actor, client, list(FactKind))
        assert set(before.values()) == {old}
    assert caseload_row(world, client_id).confirmed_on == TODAY
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        assert service.confirm_facts(actor, client, list(FactKind)) == {}
        service.unconfirm_facts(actor, client, before, TODAY)
    assert caseload_row(world, client_id).confirmed_on == old


def test_a_confirmation_cannot_be_taken_back_after_a_later_change(world: World) -> None:
    client_id = stored_file(world, facts=(NewFact(fact=StayFact(form="GU"), from_on=dt.date(2024, 1, 1)),))
    actor = world.actor("maier")
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        before = service.confirm_facts(actor, client, [FactKind.STAY], TODAY - dt.timedelta(days=2))
        service.confirm_facts(actor, client, [FactKind.STAY])
        with pytest.raises(RuleError):
            service.unconfirm_facts(actor, client, before, TODAY - dt.timedelta(days=2))


def test_people_join_and_leave_households_and_come_back(world: World) -> None:
    anchor, partner, child = stored_family(world)
    single = stored_file(world, head=head("Noori", "Omid"))
    actor = world.actor("maier")
    with world.unit("maier", write=True):
        client = queries.get_client(single)
        service.join_household(actor, client, queries.get_client(anchor), "GSW")
        with pytest.raises(RuleError):
            service.join_household(actor, client, queries.get_client(anchor), "GSW")
        service.change_relation(actor, client, "VER")
        link = service.leave_household(actor, queries.get_client(anchor))
        current = [m for m in queries.list_household(partner) if m.link.until_on is None]
        assert [m.client.id for m in current if m.link.anchor] == [partner], "somebody is always the anchor"
        assert {m.client.id for m in current} == {partner, child, single}
        service.rejoin_household(actor, queries.get_client(anchor), link)
        service.make_anchor(actor, queries.get_client(child))
    with world.unit("maier"):
        members = queries.list_household(single)
        assert len(members) == 4
        assert [m.client.id for m in members if m.link.anchor] == [child]


def test_agencies_notices_and_marks_are_kept_with_the_file(world: World) -> None:
    client_id = stored_file(world, body=ClientBody(marks=("Geburtstag unklar",)), head=head(name_check=True))
    actor = world.actor("maier")
    notice = Notice(version="1", language="prs", given_on=TODAY, way="VOR")
    with world.unit("maier", write=True):
        client = queries.get_client(client_id)
        service.set_agencies(actor, client, (Agency(office="Jobcenter", reference="12/34"),), body_rev=client.body_rev)
        service.give_notice(actor, client, notice)
        service.give_notice(actor, client, notice)
        service.clear_mark(actor, client, "Geburtstag unklar")
        service.set_name_check(actor, client, wanted=False)
        with pytest.raises(RuleError):
            service.set_agencies(actor, client, (Agency(office=""),), body_rev=client.body_rev)
    with world.unit("maier"):
        client = queries.get_client(client_id)
        assert client.body.agencies[0].reference == "12/34"
        assert client.body.notices == (notice,)
        assert client.body.marks == ()
        assert not client.head.name_check


def test_a_protected_file_is_seen_by_its_worker_alone(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        service.protect(world.actor("maier"), queries.get_client(client_id))
    with world.unit("maier"):
        assert queries.get_client(client_id).protected
    for login in ("oez", "leitung"):
        with world.unit(login), pytest.raises(NotFoundError):
            queries.get_client(client_id)


def test_a_waiting_file_is_not_hidden_from_everybody(world: World) -> None:
    client_id = stored_file(world, "leitung", worker_id=None)
    with world.unit("leitung", write=True), pytest.raises(RuleError):
        service.protect(world.actor("leitung"), queries.get_client(client_id))


def test_a_colleague_and_a_lead_change_nothing_in_a_file(world: World) -> None:
    client_id = stored_file(world)
    for login in ("oez", "leitung", "lead2"):
        actor = world.actor(login)
        with world.unit(login, write=True):
            client = queries.get_client(client_id)
            attempts = [
                lambda a=actor, c=client: service.edit_file(a, c, change_of(c)),
                lambda a=actor, c=client: service.add_fact(a, c, FactKind.STAY, STAY, TODAY),
                lambda a=actor, c=client: service.confirm_facts(a, c, [FactKind.STAY]),
                lambda a=actor, c=client: service.leave_household(a, c),
                lambda a=actor, c=client: service.set_agencies(a, c, (), body_rev=c.body_rev),
            ]
            for attempt in attempts:
                with pytest.raises(ForbiddenError):
                    attempt()


def test_facts_of_another_file_are_not_found(world: World) -> None:
    fact = NewFact(fact=StayFact(form="GU"), from_on=dt.date(2024, 1, 1))
    mine, other = stored_file(world, facts=(fact,)), stored_file(world, facts=(fact,))
    with world.unit("maier") as unit:
        entry = unit.scalars(select(HistoryEntry).where(HistoryEntry.client_id == other)).one()
        with pytest.raises(NotFoundError):
            queries.get_fact(mine, entry.id)
