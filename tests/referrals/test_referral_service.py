"""Referrals on a real database: nothing leaves without a release, what was told stays, a withdrawal stops the rest."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.audit.models import AuditEvent
from caseapp.clients.models import Caseload
from caseapp.clients.queries import get_client
from caseapp.consents.models import Declaration
from caseapp.counselling.models import Contact
from caseapp.db import session
from caseapp.errors import AlreadyStoredError, ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.jobs import Job
from caseapp.network import queries as network
from caseapp.network import service as partners
from caseapp.papers.models import Paper
from caseapp.referrals import queries, service
from caseapp.referrals.models import ReferralStep
from caseapp.referrals.rules.states import State, StateTransitionError, Way
from caseapp.tasks.models import Task
from tests.consents.making import release, signed
from tests.factories.files import stored_file
from tests.factories.network import stored_partner
from tests.factories.world import World
from tests.referrals.making import (
    act,
    advice_centre,
    new,
    printed,
    proposed,
    released,
    seen,
    send,
    sent,
    state,
    withdrawn,
)

Counted = Callable[..., Any]


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world)


@pytest.fixture
def partner_id(world: World) -> UUID:
    return advice_centre(world)


def kept(world: World, client_id: UUID) -> tuple[dt.date | None, dt.date | None, int]:
    with world.unscoped():
        row = session().scalars(select(Caseload).where(Caseload.client_id == client_id)).one()
        return row.answer_due_on, row.next_step_on, row.open_tasks


def made(world: World, kind: type, client_id: UUID) -> list[Any]:
    with world.unscoped():
        return list(session().scalars(select(kind).where(kind.client_id == client_id)))  # type: ignore[attr-defined]


def told(world: World, client_id: UUID) -> list[dict[str, str]]:
    with world.unit("maier"):
        return [{f.code: f.text for f in each.content.fields} for each in queries.list_disclosures(client_id)]


def test_a_released_referral_is_told_asked_after_and_contacted_once(
    world: World, client_id: UUID, partner_id: UUID
) -> None:
    release_id = released(world, client_id, partner_id)
    referral_id = proposed(world, client_id, partner_id)
    assert told(world, client_id) == []
    done = send(world, referral_id)
    assert told(world, client_id) == [{"NAM": "Zahra Rahimi", "SPR": "Dari", "ANL": "Bitte um einen Termin"}]
    assert done.disclosure is not None
    assert done.disclosure.content.release_ids == (release_id,)
    due = clock.today() + dt.timedelta(days=21)  # debt advice: three weeks
    assert kept(world, client_id) == (due, due, 1)
    (contact,) = made(world, Contact, client_id)
    assert (contact.kind, contact.state) == ("DRI", "valid")
    assert done.paper is not None
    text = printed(world, done.paper.id)
    assert "Zahra Rahimi" in text
    assert "Hauptstraße 1" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fields": ("NAM", "SPR")}, "eigenen Worten"),
        ({"purpose": "WOH"}, "anderen Zweck"),
        ({"ways": ("TEL",)}, "diesen Weg nicht"),
        ({"direction": "hear"}, "nur, dass die Stelle uns"),
    ],
)
def test_a_release_that_lacks_anything_lets_nothing_leave(
    world: World, client_id: UUID, partner_id: UUID, change: dict[str, Any], said: str
) -> None:
    released(world, client_id, partner_id, **change)
    referral_id = proposed(world, client_id, partner_id)
    with pytest.raises(service.UncoveredError, match=said):
        send(world, referral_id)
    assert (told(world, client_id), state(world, referral_id)) == ([], "proposed")
    assert made(world, Paper, client_id) == [] or all(
        paper.kind != "referral-letter" for paper in made(world, Paper, client_id)
    )
    assert made(world, Contact, client_id) == []


def test_a_release_for_somebody_else_covers_nothing(world: World, client_id: UUID, partner_id: UUID) -> None:
    released(world, client_id, stored_partner(world, "Eine andere Stelle", "SLD"))
    with pytest.raises(service.UncoveredError, match="keine Freigabe"):
        send(world, proposed(world, client_id, partner_id))


def test_a_release_withdrawn_between_preview_and_sending_stops_it(
    world: World, client_id: UUID, partner_id: UUID
) -> None:
    release_id = released(world, client_id, partner_id)
    referral_id = proposed(world, client_id, partner_id)
    with world.unit("maier"):
        mark = seen(client_id, referral_id)
        version = queries.get_referral(referral_id).version
    assert withdrawn(world, client_id, [release_id]) == 1
    with pytest.raises(ConflictError):
        send(world, referral_id, seen=mark, version=version)
    with pytest.raises(StateTransitionError):
        send(world, referral_id)
    assert (state(world, referral_id), told(world, client_id)) == ("withdrawn", [])


def test_a_release_that_ends_between_preview_and_sending_lets_nothing_leave(
    world: World, client_id: UUID, partner_id: UUID
) -> None:
    release_id = released(world, client_id, partner_id)
    referral_id = proposed(world, client_id, partner_id)
    with world.unit("maier"):
        mark = seen(client_id, referral_id)
    with world.unscoped(write=True) as unit:
        unit.get_one(Declaration, release_id).ends_on = clock.today() - dt.timedelta(days=1)
    with pytest.raises(service.UncoveredError):
        send(world, referral_id, seen=mark)
    assert (state(world, referral_id), told(world, client_id)) == ("proposed", [])


def test_other_words_than_the_preview_showed_do_not_leave(world: World, client_id: UUID, partner_id: UUID) -> None:
    released(world, client_id, partner_id)
    referral_id = proposed(world, client_id, partner_id)
    with world.unit("maier"):
        mark = seen(client_id, referral_id)
    with world.unit("maier", write=True):
        client = get_client(client_id)
        client.head = msgspec.structs.replace(client.head, family_name="Karimi")
    with pytest.raises(service.ChangedError):
        send(world, referral_id, seen=mark)
    send(world, referral_id)
    assert told(world, client_id)[0]["NAM"] == "Zahra Karimi"


def test_the_withdrawal_that_comes_before_the_print_keeps_the_letter_back(
    world: World, client_id: UUID, partner_id: UUID
) -> None:
    release_id = released(world, client_id, partner_id)
    done = send(world, proposed(world, client_id, partner_id))
    assert withdrawn(world, client_id, [release_id]) == 1
    assert done.paper is not None
    with pytest.raises(RuleError, match="angehalten"):
        printed(world, done.paper.id)
    with world.unscoped() as unit:
        assert unit.get_one(Paper, done.paper.id).content.pdf == b""
    assert (state(world, done.referral.id), told(world, client_id)) == ("withdrawn", [])
    assert kept(world, client_id) == (None, None, 0)
    assert [task.state for task in made(world, Task, client_id)] == ["cancelled"]


def test_the_withdrawal_that_comes_after_the_print_ends_the_waiting_and_keeps_what_was_told(
    world: World, client_id: UUID, partner_id: UUID
) -> None:
    release_id = released(world, client_id, partner_id)
    done = send(world, proposed(world, client_id, partner_id))
    assert done.paper is not None
    printed(world, done.paper.id)
    assert withdrawn(world, client_id, [release_id]) == 1
    assert withdrawn(world, client_id, [release_id]) == 0
    assert len(told(world, client_id)) == 1
    assert kept(world, client_id) == (None, None, 0)


def test_a_colleague_who_takes_the_call_stops_it_without_reading_the_file(
    world: World, client_id: UUID, partner_id: UUID
) -> None:
    release_id = released(world, client_id, partner_id)
    referral_id = sent(world, client_id, partner_id)
    assert withdrawn(world, client_id, [release_id], login="oez") == 1
    assert state(world, referral_id) == "withdrawn"
    with world.unit("oez"), pytest.raises(NotFoundError):
        queries.get_referral(referral_id)


def test_it_goes_on_as_long_as_another_release_covers_it(world: World, client_id: UUID, partner_id: UUID) -> None:
    given = {"partner_id": partner_id, "fields": ("NAM", "SPR", "ANL"), "purpose": "SDN"}
    first, second = signed(
        world, client_id, release(ways=("BRF",), **given), release(ways=("BRF", "TEL"), person="Frau Kurz", **given)
    )
    referral_id = sent(world, client_id, partner_id)
    assert withdrawn(world, client_id, [first]) == 0
    assert state(world, referral_id) == "sent"
    assert withdrawn(world, client_id, [second]) == 1
    assert state(world, referral_id) == "withdrawn"


def test_an_answer_is_noted_once_and_undone_with_its_task(world: World, client_id: UUID, partner_id: UUID) -> None:
    released(world, client_id, partner_id)
    referral_id = sent(world, client_id, partner_id)
    before = kept(world, client_id)
    with world.unit("maier"):
        version = queries.get_referral(referral_id).version
    step = act(world, referral_id, service.record_answer, State.ACCEPTED, version=version)
    assert act(world, referral_id, service.record_answer, State.ACCEPTED, version=version) is None
    assert kept(world, client_id) == (None, None, 0)
    with pytest.raises(ConflictError):
        act(world, referral_id, service.record_answer, State.DECLINED, version=version)
    assert act(world, referral_id, service.undo_step, step) is State.SENT
    assert kept(world, client_id) == before
    with world.unit("maier"):
        assert [each.state for each in queries.list_referrals(client_id)[0].steps] == ["sent"]
    with pytest.raises(RuleError):
        act(world, referral_id, service.undo_step, step)


def test_undoing_the_sending_takes_contact_task_and_entry_back(world: World, client_id: UUID, partner_id: UUID) -> None:
    released(world, client_id, partner_id)
    done = send(world, proposed(world, client_id, partner_id))
    with world.unit("maier"):
        step = queries.last_step(done.referral.id)
    assert step is not None
    assert act(world, done.referral.id, service.undo_step, step.id) is State.PROPOSED
    assert (told(world, client_id), kept(world, client_id)) == ([], (None, None, 0))
    assert [contact.state for contact in made(world, Contact, client_id)] == ["undone"]
    assert done.paper is not None
    with pytest.raises(RuleError):
        printed(world, done.paper.id)


def test_silence_can_be_followed_by_another_question_only_while_the_release_holds(
    world: World, client_id: UUID, partner_id: UUID
) -> None:
    release_id = released(world, client_id, partner_id)
    done = send(world, proposed(world, client_id, partner_id))
    assert done.paper is not None
    printed(world, done.paper.id)
    version = _version(world, done.referral.id)
    act(world, done.referral.id, service.record_answer, State.NO_ANSWER, version=version)
    again = clock.today() + dt.timedelta(days=9)
    act(world, done.referral.id, service.ask_again, again, version=_version(world, done.referral.id))
    assert kept(world, client_id)[0] == again
    act(world, done.referral.id, service.record_answer, State.NO_ANSWER, version=_version(world, done.referral.id))
    withdrawn(world, client_id, [release_id])
    with pytest.raises(service.UncoveredError):
        act(world, done.referral.id, service.ask_again, again, version=_version(world, done.referral.id))


def _version(world: World, referral_id: UUID) -> str:
    with world.unscoped():
        return queries.get_referral(referral_id).version


def test_a_letter_in_the_clients_hand_and_a_hint_need_no_release(world: World, client_id: UUID) -> None:
    carried = proposed(world, client_id, None, way=Way.CARRIED, recipient="Verein am See", fields=("NAM",), text="")
    done = send(world, carried)
    assert done.paper is not None
    text = printed(world, done.paper.id)
    assert "selbst mitgebracht" in text
    assert "Rahimi" in text
    assert "Dari" not in text
    hint = proposed(world, client_id, None, way=Way.HINT, recipient="Tafel", fields=(), text="", purpose="")
    assert send(world, hint).disclosure is None
    assert [each.keys() for each in told(world, client_id)] == [{"NAM"}]
    with pytest.raises(StateTransitionError):
        act(world, hint, service.withdraw, version=_version(world, hint))
    assert made(world, Contact, client_id) == []


def test_nobody_is_written_to_without_an_address_and_nothing_is_lost(world: World, client_id: UUID) -> None:
    partner_id = advice_centre(world, street="", place="")
    released(world, client_id, partner_id)
    referral_id = proposed(world, client_id, partner_id)
    with pytest.raises(RuleError, match="keine Anschrift"):
        send(world, referral_id)
    assert (state(world, referral_id), told(world, client_id)) == ("proposed", [])
    send(world, proposed(world, client_id, partner_id, channel="TEL"))
    assert len(told(world, client_id)) == 1


def test_a_partner_merged_meanwhile_is_the_same_recipient(world: World, client_id: UUID, partner_id: UUID) -> None:
    released(world, client_id, partner_id)
    referral_id = proposed(world, client_id, partner_id)
    kept_id = stored_partner(world, "Schuldnerberatung", "SLD", street="Seestraße 2", place="Tettnang")
    with world.unit("maier", write=True):
        both = network.get_partner(kept_id), network.get_partner(partner_id)
        versions = both[0].version, both[1].version
        partners.merge_partners(world.actor("maier"), *both, "SLD", both[0].profile, versions=versions)
    send(world, referral_id)
    with world.unit("maier"):
        (view,) = queries.list_referrals(client_id)
        (entry,) = queries.list_disclosures(client_id)
        assert view.recipient == "Schuldnerberatung"
        assert entry.content.partner_id == kept_id


def test_one_form_makes_one_referral_and_two_tabs_do_not_send_twice(
    world: World, client_id: UUID, partner_id: UUID
) -> None:
    released(world, client_id, partner_id)
    form_id = uuid4()
    for _click in range(2):
        with world.unit("maier", write=True):
            service.propose(world.actor("maier"), get_client(client_id), new(partner_id), referral_id=form_id)
    with world.unit("maier", write=True), pytest.raises(AlreadyStoredError):
        service.propose(
            world.actor("maier"), get_client(client_id), new(partner_id, text="Anders"), referral_id=form_id
        )
    with world.unit("maier"):
        mark, version = seen(client_id, form_id), queries.get_referral(form_id).version
    send(world, form_id, seen=mark, version=version)
    with pytest.raises(ConflictError):
        send(world, form_id, seen=mark, version=version)
    assert len(told(world, client_id)) == 1
    assert len(made(world, Contact, client_id)) == 1


def test_only_who_works_with_the_file_refers(world: World, client_id: UUID, partner_id: UUID) -> None:
    for login in ("oez", "leitung"):
        with world.unit(login, write=True), pytest.raises(ForbiddenError):
            service.propose(world.actor(login), get_client(client_id), new(partner_id))
    with world.unit("maier", write=True), pytest.raises(RuleError, match="zwei Personen"):
        service.propose(world.actor("maier"), get_client(client_id), new(partner_id, way=Way.BY_LAW))


def test_the_words_of_a_referral_stand_in_no_log_job_or_file_name(
    world: World, client_id: UUID, partner_id: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    released(world, client_id, partner_id)
    words = {"text": "Kanarienwort eins", "note": "Kanarienwort zwei", "person": "Kanarienwort drei"}
    referral_id = sent(world, client_id, partner_id, **words)
    version = _version(world, referral_id)
    act(world, referral_id, service.record_answer, State.DECLINED, version=version, reason="Kanarienwort vier")
    with world.unscoped() as unit:
        events = [str(vars(each)) for each in unit.scalars(select(AuditEvent))]
        jobs = [str(vars(each)) for each in unit.scalars(select(Job))]
        names = [each.file_name for each in unit.scalars(select(Paper))]
        plain = [(each.before, each.state, str(each.on_day)) for each in unit.scalars(select(ReferralStep))]
        details = [each.detail for each in unit.scalars(select(AuditEvent)) if each.detail]
    everything = " ".join((*events, *jobs, *names, str(plain), str(details), caplog.text))
    assert "Kanarienwort" not in everything
    assert "Schuldner" not in everything


def test_the_lists_take_as_many_statements_for_many_as_for_few(
    world: World, client_id: UUID, partner_id: UUID, count_statements: Counted
) -> None:
    released(world, client_id, partner_id)

    def counted() -> tuple[int, int]:
        with world.unit("maier"), count_statements() as listed:
            views = queries.list_referrals(client_id)
        with world.unit("maier"), count_statements() as entries:
            assert all(each.content.recipient for each in queries.list_disclosures(client_id))
        assert all(view.recipient and view.steps for view in views)
        return int(listed), int(entries)

    for _ in range(2):
        sent(world, client_id, partner_id)
    few = counted()
    for _ in range(3):
        sent(world, client_id, partner_id)
    assert counted() == few
    assert few[0] <= 5
    assert few[1] <= 2
    referral_id = proposed(world, client_id, partner_id)
    with world.unit("maier"), count_statements() as preview:
        seen(client_id, referral_id)
    assert int(preview) <= 9
    with count_statements() as sending:
        send(world, referral_id)
    assert int(sending) <= 50


@pytest.mark.parametrize("_again", range(3))
def test_sending_and_withdrawing_at_the_same_moment_lets_nothing_leave(
    world: World, client_id: UUID, partner_id: UUID, _again: int
) -> None:
    release_id = released(world, client_id, partner_id)
    referral_id = proposed(world, client_id, partner_id)
    with world.unit("maier"):
        mark, version = seen(client_id, referral_id), _version(world, referral_id)
    start, refused, papers = Barrier(2), [], []

    def sends() -> None:
        start.wait()
        try:
            papers.append(send(world, referral_id, seen=mark, version=version).paper)
        except (ConflictError, RuleError) as error:
            refused.append(error)

    def withdraws() -> None:
        start.wait()
        withdrawn(world, client_id, [release_id])

    threads = [Thread(target=sends), Thread(target=withdraws)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(papers) + len(refused) == 1
    assert (told(world, client_id), state(world, referral_id)) == ([], "withdrawn")
    for paper in papers:
        with pytest.raises(RuleError, match="angehalten"):
            printed(world, paper.id)


def test_in_a_protected_file_only_named_people_are_asked_to_agree(world: World, client_id: UUID) -> None:
    maier = world.users["maier"]
    with world.unit("maier", write=True):
        client = get_client(client_id)
        before = {each.name for each in queries.list_second_persons(client, but=maier)}
        client.protected = True
        session().flush()
        after = queries.list_second_persons(client, but=maier)
    assert before == {"Lena Leitung", "Ludwig Zweitlein"}
    assert after == []


def test_nobody_agrees_to_the_own_request_and_nothing_is_told_by_law_without_a_second_person(
    world: World, client_id: UUID
) -> None:
    asked = service.NewLegal(
        basis="KKG4",
        second_id=world.users["leitung"],
        reason="Gewichtige Anhaltspunkte",
        recipient="Jugendamt",
        fields=("NAM",),
        channel="TEL",
    )
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        request_id = service.ask_by_law(actor, client, asked).id
        with pytest.raises(RuleError, match="zwei Personen"):
            service.agree(actor, client, queries.get_legal(request_id))
        mark = service.preview_by_law(client, queries.get_legal(request_id)).digest
        with pytest.raises(RuleError):
            service.tell_by_law(actor, client, queries.get_legal(request_id), seen=mark)
        with pytest.raises(RuleError):
            service.ask_by_law(actor, client, replace(asked, reason=" "))
        assert service.ask_by_law(actor, client, asked, request_id=request_id).id == request_id
        with pytest.raises(AlreadyStoredError):
            service.ask_by_law(actor, client, replace(asked, reason="Neue Anhaltspunkte"), request_id=request_id)
    assert told(world, client_id) == []
    with world.unit("leitung", write=True):
        service.agree(world.actor("leitung"), get_client(client_id), queries.get_legal(request_id))
    with world.unit("maier", write=True):
        service.tell_by_law(world.actor("maier"), get_client(client_id), queries.get_legal(request_id), seen=mark)
    assert told(world, client_id) == [{"NAM": "Zahra Rahimi"}]
    with world.unit("dsb"):
        entries = queries.list_entries(world.organisations["Musterhausen"])
        assert [(each.basis, each.state) for each in entries] == [("KKG4", "told")]
    with world.unit("dsb"), pytest.raises(NotFoundError):
        queries.get_legal(request_id)
