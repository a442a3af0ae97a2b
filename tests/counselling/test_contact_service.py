"""Contacts on a real database: what they keep, whom they reach, and how they are taken back."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from caseapp import clock
from caseapp.clients.models import Caseload, FactKind, WorkFact
from caseapp.clients.queries import get_client
from caseapp.clients.service import NewFact
from caseapp.clients.service.facts import present_facts
from caseapp.counselling import queries, service
from caseapp.counselling.models import Contact, ContactDetail, ContactParticipant
from caseapp.counselling.service import NewContact
from caseapp.db import session
from caseapp.errors import ConflictError, ForbiddenError, RuleError
from caseapp.tallies.queries import courses_of
from caseapp.tasks import queries as tasks
from caseapp.tasks.service import NewTask, add_task
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World


def new(kind: str = "BUE", ago: int = 0, minutes: int | None = 30, **values: Any) -> NewContact:
    more = {name: values.pop(name) for name in ("tasks", "done", "confirmed") if name in values}
    on_day = clock.today() - dt.timedelta(days=ago)
    return NewContact(on_day=on_day, kind=kind, minutes=minutes, detail=ContactDetail(**values), **more)


def save(world: World, client_id: UUID, contact: NewContact, login: str = "maier") -> UUID:
    with world.unit(login, write=True):
        return service.save_contact(world.actor(login), get_client(client_id), contact).id


def last_contact(world: World, client_id: UUID) -> dt.date | None:
    with world.unscoped():
        return session().scalars(select(Caseload.last_contact_on).where(Caseload.client_id == client_id)).one()


def age(world: World, contact_id: UUID, **times: dt.timedelta) -> None:
    """Let the contact have been entered that long ago."""
    with world.unscoped(write=True):
        session().get_one(Contact, contact_id).created_at -= dt.timedelta(**{k: v.days for k, v in times.items()})


def test_a_contact_keeps_what_was_said_sealed(world: World) -> None:
    client_id = stored_file(world)
    contact_id = save(world, client_id, new(note="Sie sucht eine Wohnung.", topics=("WOH", "EXI"), language="prs"))
    with world.unit("maier"):
        found = queries.get_contact(contact_id)
        assert (found.detail.note, found.detail.topics) == ("Sie sucht eine Wohnung.", ("WOH", "EXI"))
        assert b"Wohnung" not in found.detail_blob
        assert found.worker_id == world.users["maier"]


def test_the_last_contact_is_the_last_one_with_the_person(world: World) -> None:
    client_id = stored_file(world)
    assert last_contact(world, client_id) is None
    save(world, client_id, new("TEL", ago=5))
    save(world, client_id, new("BUE", ago=9))
    for kind in ("NVE", "DRI", "FAL", "BRF"):
        save(world, client_id, new(kind, ago=0))
    assert last_contact(world, client_id) == clock.today() - dt.timedelta(days=5)


def test_participants_see_day_and_kind_in_their_own_file(world: World) -> None:
    mother, father, child = stored_family(world)
    save(world, mother, new("HAU", note="Geheim", participants=(father, child)))
    assert last_contact(world, father) == clock.today()
    with world.unit("maier"):
        links = queries.list_links(father)
        assert [(link.on_day, link.kind) for link in links] == [(clock.today(), "HAU")]


def test_a_participant_with_another_worker_gets_the_link_all_the_same(world: World) -> None:
    mother, father, _child = stored_family(world)
    with world.unscoped(write=True):
        get_client(father).worker_id = world.users["oez"]
    contact_id = save(world, mother, new("HAU", participants=(father,)))
    with world.unit("oez"):
        assert [link.contact_id for link in queries.list_links(father)] == [contact_id]
        assert queries.find_contact(contact_id) is None
    with world.unit("maier", write=True):
        service.undo_contact(world.actor("maier"), get_client(mother), queries.get_contact(contact_id))
    assert last_contact(world, father) is None
    with world.unscoped():
        assert session().scalars(select(ContactParticipant)).all() == []


def test_nobody_outside_the_household_can_be_a_participant(world: World) -> None:
    mother, *_family = stored_family(world)
    for stranger in (stored_file(world), stored_file(world, "sued"), uuid4(), mother):
        with pytest.raises(RuleError) as refusal:
            save(world, mother, new("HAU", participants=(stranger,)))
        assert refusal.value.field == "participants"


@pytest.mark.parametrize("login", ["oez", "leitung", "lead2"])
def test_only_the_own_case_takes_contacts(world: World, login: str) -> None:
    client_id = stored_file(world)
    with pytest.raises(ForbiddenError):
        save(world, client_id, new(), login)


def test_a_lead_writes_contacts_of_an_own_case(world: World) -> None:
    client_id = stored_file(world)
    with world.unscoped(write=True):
        get_client(client_id).worker_id = world.users["leitung"]
    assert save(world, client_id, new(), "leitung")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (new("XYZ"), "kind"),
        (new("BUE", ago=-1), "on_day"),
        (new(minutes=5_000), "minutes_other"),
        (new(topics=("WOH", "NIX")), "topics"),
        (new(language="klingonisch"), "language"),
        (new(interpreter="Kind"), "interpreter"),
    ],
)
def test_what_is_wrong_is_refused_at_its_field(world: World, wrong: NewContact, field: str) -> None:
    client_id = stored_file(world)
    with pytest.raises(RuleError) as refusal:
        save(world, client_id, wrong)
    assert refusal.value.field == field
    with world.unscoped():
        assert session().scalars(select(Contact)).all() == []


def test_tasks_are_made_and_ticked_off_with_the_contact(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True):
        old = add_task(world.actor("maier"), get_client(client_id), "Anruf", clock.today()).id
    save(world, client_id, new(tasks=(NewTask("Brief", clock.today()),), done=frozenset({old})))
    with world.unit("maier"):
        assert [task.text.title for task in tasks.list_for_client(client_id)] == ["Brief"]
        assert tasks.get_task(old).state == "done"


def test_tasks_of_other_files_cannot_be_ticked_off(world: World) -> None:
    mine, other = stored_file(world), stored_file(world)
    with world.unit("maier", write=True):
        task_id = add_task(world.actor("maier"), get_client(other), "Anruf", None).id
    save(world, mine, new(done=frozenset({task_id})))
    with world.unit("maier"):
        assert tasks.get_task(task_id).state == "open"


def test_undoing_takes_everything_back(world: World) -> None:
    before = clock.today() - dt.timedelta(days=200)
    work = NewFact(fact=WorkFact(kind="VZ"), from_on=before, confirmed_on=before)
    client_id = stored_file(world, facts=(work,))
    save(world, client_id, new("TEL", ago=20))
    with world.unit("maier", write=True):
        old = add_task(world.actor("maier"), get_client(client_id), "Anruf", clock.today()).id
    contact_id = save(
        world,
        client_id,
        new(tasks=(NewTask("Brief", None),), done=frozenset({old}), confirmed=frozenset({FactKind.WORK})),
    )
    with world.unit("maier"):
        assert [fact.confirmed_on for fact in present_facts(client_id, clock.today())] == [clock.today()]
    with world.unit("maier", write=True):
        service.undo_contact(world.actor("maier"), get_client(client_id), queries.get_contact(contact_id))
    with world.unit("maier"):
        assert [task.id for task in tasks.list_for_client(client_id)] == [old]
        assert [fact.confirmed_on for fact in present_facts(client_id, clock.today())] == [before]
        assert len(queries.list_contacts(client_id)) == 1
    assert last_contact(world, client_id) == clock.today() - dt.timedelta(days=20)


def test_undoing_is_refused_after_ten_minutes_and_after_a_change(world: World) -> None:
    client_id = stored_file(world)
    contact_id = save(world, client_id, new())
    with world.unit("maier", write=True):
        found = queries.get_contact(contact_id)
        service.change_contact(
            world.actor("maier"),
            get_client(client_id),
            found,
            new(note="neu"),
            base_rev=1,
            reason="",
            change_id=uuid4(),
        )
    with world.unit("maier", write=True), pytest.raises(RuleError):
        service.undo_contact(world.actor("maier"), get_client(client_id), queries.get_contact(contact_id))
    late = save(world, client_id, new())
    age(world, late, days=dt.timedelta(days=1))
    with world.unit("maier", write=True), pytest.raises(RuleError):
        service.undo_contact(world.actor("maier"), get_client(client_id), queries.get_contact(late))


def change(world: World, contact_id: UUID, client_id: UUID, base_rev: int, reason: str = "", **values: Any) -> None:
    with world.unit("maier", write=True):
        service.change_contact(
            world.actor("maier"),
            get_client(client_id),
            queries.get_contact(contact_id),
            new(**values),
            base_rev=base_rev,
            reason=reason,
            change_id=uuid4(),
        )


def test_a_correction_keeps_the_former_version(world: World) -> None:
    client_id = stored_file(world)
    contact_id = save(world, client_id, new(note="alt"))
    change(world, contact_id, client_id, 1, note="neu", kind="TEL", ago=3)
    with world.unit("maier"):
        found = queries.get_contact(contact_id)
        assert (found.detail.note, found.kind) == ("neu", "TEL")
        kept = queries.list_changes(contact_id)[0].reason
        assert kept.before is not None
        assert (kept.before.note, kept.kind, kept.on_day) == ("alt", "BUE", clock.today())
    assert last_contact(world, client_id) == clock.today() - dt.timedelta(days=3)


def test_two_corrections_of_the_same_version_conflict(world: World) -> None:
    client_id = stored_file(world)
    contact_id = save(world, client_id, new(note="alt"))
    change(world, contact_id, client_id, 1, note="erste")
    with pytest.raises(ConflictError):
        change(world, contact_id, client_id, 1, note="zweite")


def test_a_correction_keeps_since_when_each_participant_is_known(world: World) -> None:
    """Who is added after the figures of that day are out counts in the next ones; who stood there counted already."""
    mother, father, child = stored_family(world)
    contact_id = save(world, mother, new("HAU", ago=9, participants=(father,)))
    with world.unscoped(write=True):
        session().scalars(select(ContactParticipant)).one().recorded_at -= dt.timedelta(days=7)
        before = queries.recorded_links(contact_id)[father]
    change(world, contact_id, mother, 1, kind="HAU", ago=8, participants=(father, child))
    with world.unscoped():
        links = session().scalars(select(ContactParticipant).order_by(ContactParticipant.recorded_at)).all()
        assert [link.client_id for link in links] == [father, child]
        assert {link.on_day for link in links} == {clock.today() - dt.timedelta(days=8)}
        assert links[0].recorded_at == before
        assert links[1].recorded_at > session().get_one(Contact, contact_id).created_at
        for client_id, course in courses_of([father, child]).items():
            (presence,) = course.presences
            assert presence.recorded_at == queries.recorded_links(contact_id)[client_id]


def test_after_thirty_days_a_correction_needs_a_reason(world: World) -> None:
    client_id = stored_file(world)
    contact_id = save(world, client_id, new(note="alt"))
    age(world, contact_id, days=dt.timedelta(days=31))
    with pytest.raises(RuleError) as refusal:
        change(world, contact_id, client_id, 1, note="neu")
    assert refusal.value.field == "reason"
    change(world, contact_id, client_id, 1, note="neu", reason="Datum verwechselt")


def test_a_cancelled_contact_counts_no_more_but_stays_and_can_come_back(world: World) -> None:
    mother, father, _child = stored_family(world)
    contact_id = save(world, mother, new("HAU", participants=(father,)))
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(mother)
        with pytest.raises(RuleError):
            service.cancel_contact(actor, client, queries.get_contact(contact_id), reason=" ", change_id=uuid4())
        service.cancel_contact(actor, client, queries.get_contact(contact_id), reason="doppelt", change_id=uuid4())
    assert last_contact(world, mother) is None
    assert last_contact(world, father) is None
    with world.unit("maier", write=True):
        assert [found.state for found in queries.list_contacts(mother)] == ["cancelled"]
        service.restore_contact(world.actor("maier"), get_client(mother), queries.get_contact(contact_id))
    assert last_contact(world, father) == clock.today()


KINDS = st.sampled_from(["BUE", "TEL", "NVE", "DRI", "HAU"])
STEPS = st.lists(st.tuples(KINDS, st.integers(0, 60), st.sampled_from(["keep", "cancel", "undo", "move"])), max_size=6)


@given(STEPS)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_kept_last_contact_equals_a_recount_whatever_happens(
    world: World, steps: list[tuple[str, int, str]]
) -> None:
    client_id, expected = stored_file(world), []
    for kind, ago, then in steps:
        contact_id = save(world, client_id, new(kind, ago=ago))
        with world.unit("maier", write=True):
            actor, client, found = world.actor("maier"), get_client(client_id), queries.get_contact(contact_id)
            if then == "cancel":
                service.cancel_contact(actor, client, found, reason="falsch", change_id=uuid4())
            elif then == "undo":
                service.undo_contact(actor, client, found)
            elif then == "move":
                service.change_contact(
                    actor, client, found, new(kind, ago=ago + 7), base_rev=1, reason="", change_id=uuid4()
                )
        days = {"keep": ago, "move": ago + 7}.get(then)
        if days is not None and kind not in {"NVE", "DRI"}:
            expected.append(clock.today() - dt.timedelta(days=days))
    assert last_contact(world, client_id) == max(expected, default=None)
    with world.unscoped():
        assert queries.last_contacts().get(client_id, (None,)) == (max(expected, default=None),)
