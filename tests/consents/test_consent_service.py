"""Declarations on a real database: nothing holds unsigned, and a withdrawal holds at once."""

import datetime as dt
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.clients.models import Birth, Caseload, Client
from caseapp.clients.queries import get_client
from caseapp.consents import queries, service
from caseapp.consents.models import Mark
from caseapp.consents.rules import uncovered
from caseapp.consents.service import Withdrawal
from caseapp.db import session
from caseapp.documents.signing import SignatureWay
from caseapp.errors import AlreadyStoredError, ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.security.actor import Actor
from caseapp.tasks import queries as tasks
from tests.consents.making import (
    confirmed,
    consent,
    day,
    mandate,
    new_sheet,
    prepared,
    print_latest,
    release,
    sign,
    signed,
)
from tests.factories.attachments import stored_text
from tests.factories.files import head, stored_file
from tests.factories.world import World


def end_kept(world: World, client_id: UUID) -> dt.date | None:
    with world.unscoped():
        return session().scalars(select(Caseload.release_ends_on).where(Caseload.client_id == client_id)).one()


def valid(world: World, client_id: UUID, on: dt.date | None = None, login: str = "maier") -> set[str]:
    with world.unit(login):
        return {each.recipient for each in queries.list_valid_releases(client_id, on or clock.today())}


def withdraw(world: World, client_id: UUID, *ids: UUID, login: str = "maier", hooks: tuple = ()) -> service.Withdrawn:  # type: ignore[type-arg]
    with world.unit(login, write=True):
        return service.withdraw(world.actor(login), get_client(client_id), ids, Withdrawal("TEL"), hooks)


def test_nothing_on_a_sheet_holds_before_it_is_signed(world: World) -> None:
    client_id = stored_file(world)
    sheet_id = prepared(world, client_id, release(), consent("FOT"))
    assert valid(world, client_id) == set()
    with world.unit("maier"):
        assert not queries.has_consent(client_id, "FOT", clock.today())
    assert end_kept(world, client_id) is None
    sign(world, sheet_id)
    assert valid(world, client_id) == {"Wohnbau Musterhausen"}
    assert valid(world, client_id, day(-1)) == set()
    assert valid(world, client_id, day(180)) == {"Wohnbau Musterhausen"}
    assert valid(world, client_id, day(181)) == set()
    with world.unit("maier"):
        assert queries.has_consent(client_id, "FOT", clock.today())
        assert not queries.has_consent(client_id, "GES", clock.today())
        sheet = queries.get_sheet(sheet_id)
        assert len(sheet.signed.sha256) == 64
        (found,) = queries.list_valid_releases(client_id, clock.today())
        assert uncovered([found], partner_id=uuid4(), purpose="WOH", fields=("NAM",), way="BRF", on=clock.today())
    assert end_kept(world, client_id) == day(180)
    assert valid(world, client_id, login="sued") == set()
    assert valid(world, client_id, login="oez") == set()


def test_one_line_is_withdrawn_and_the_others_of_the_sheet_stand(world: World) -> None:
    client_id = stored_file(world)
    ids = signed(world, client_id, release("Jobcenter"), release("Schule am See"), consent("FOT"), mandate())
    stopped: list[frozenset[UUID]] = []

    def hook(_actor: Actor, client: Client, withdrawn: frozenset[UUID]) -> int:
        assert client.id == client_id
        stopped.append(withdrawn)
        return 2

    done = withdraw(world, client_id, ids[0], hooks=(hook, hook))
    assert (done.ids, done.stopped) == ((ids[0],), 4)
    assert stopped == [frozenset({ids[0]})] * 2
    assert valid(world, client_id) == {"Schule am See"}
    again = withdraw(world, client_id, ids[0], hooks=(hook,))
    assert (again.ids, again.stopped, len(stopped)) == ((), 0, 2)
    withdraw(world, client_id, *ids)
    assert valid(world, client_id) == set()
    assert end_kept(world, client_id) is None
    with world.unit("maier"):
        views = {view.id: view for view in queries.list_views(client_id)}
        assert {view.state for view in views.values()} == {"withdrawn"}
        assert all(view.ending and view.ending.way == "TEL" for view in views.values())
        assert views[ids[0]].ended_by == world.users["maier"]
        assert not queries.has_consent(client_id, "FOT", clock.today())
    with world.unit("maier", write=True), pytest.raises(RuleError):
        service.reopen_declaration(world.actor("maier"), get_client(client_id), queries.get_declaration(ids[0]))


def test_a_colleague_withdraws_without_reading_the_file(world: World) -> None:
    client_id = stored_file(world)
    ids = signed(
        world, client_id, release("Jobcenter"), release("Praxis Dr. Klee", fields=("NAM", "GES")), consent("GES")
    )
    with world.unit("oez"):
        assert [(each.kind, each.title) for each in queries.list_withdrawable(client_id)] == [
            ("release", "Jobcenter"),
            ("release", ""),
            ("consent", ""),
        ]
        assert queries.list_views(client_id) == []
    seen: list[int] = []

    def hook(_actor: Actor, client: Client, withdrawn: frozenset[UUID]) -> int:
        seen.append(len(queries.list_views(client.id)))
        return len(withdrawn)

    assert withdraw(world, client_id, *ids, login="oez", hooks=(hook,)).stopped == 3
    assert seen == [3]  # what stops a letter sees it
    assert valid(world, client_id) == set()
    assert end_kept(world, client_id) is None
    with world.unit("maier"):
        [task] = tasks.list_for_client(client_id)
        assert (task.worker_id, task.due_on) == (world.users["maier"], clock.today())
        assert task.text.title.startswith("Widerruf einer Freigabe ansehen")
    for login in ("sued", "fremd", "dsb"):
        with pytest.raises((NotFoundError, ForbiddenError)):
            withdraw(world, client_id, ids[0], login=login)
    with world.unit("oez", write=True), pytest.raises(ForbiddenError):
        service.prepare_sheet(world.actor("oez"), get_client(client_id), new_sheet())


def test_a_sheet_is_signed_once_and_only_as_it_was_read(world: World) -> None:
    client_id = stored_file(world)
    sheet_id = prepared(world, client_id)
    with world.unit("maier", write=True):
        sheet = queries.get_sheet(sheet_id)
        first = sheet.text_rev
        actor, client = world.actor("maier"), get_client(client_id)
        service.change_sheet(actor, client, sheet, new_sheet(release(fields=("NAM",))), version=first)
        session().flush()
        assert sheet.text_rev != first
        with pytest.raises(ConflictError):
            service.change_sheet(actor, client, sheet, new_sheet(release(fields=("TEL",))), version=first)
    with pytest.raises(RuleError, match="noch gedruckt"):
        sign(world, sheet_id)
    print_latest(world, sheet_id)
    with pytest.raises(ConflictError):
        sign(world, sheet_id, version=first)
    sign(world, sheet_id)
    sign(world, sheet_id)  # a double click
    with pytest.raises(ConflictError, match="inzwischen"):
        sign(world, sheet_id, marks=(confirmed("Jemand anderes"),))
    with world.unit("maier", write=True):
        actor, client, sheet = world.actor("maier"), get_client(client_id), queries.get_sheet(sheet_id)
        other = new_sheet(release("Andere"))
        with pytest.raises(RuleError, match="schon unterschrieben"):
            service.change_sheet(actor, client, sheet, other, version=sheet.text_rev)
    with world.unit("maier"):
        assert len(queries.list_valid_releases(client_id, clock.today())) == 1


def test_a_form_that_is_sent_twice_prepares_one_sheet(world: World) -> None:
    client_id, form_id = stored_file(world), uuid4()
    for _time in range(2):
        with world.unit("maier", write=True):
            sheet = service.prepare_sheet(world.actor("maier"), get_client(client_id), new_sheet(), sheet_id=form_id)
            assert sheet.id == form_id
    other = new_sheet(release("Jobcenter"))
    with world.unit("maier", write=True), pytest.raises(AlreadyStoredError):
        service.prepare_sheet(world.actor("maier"), get_client(client_id), other, sheet_id=form_id)
    with world.unit("maier"):
        assert len(queries.list_views(client_id)) == 1


def test_a_child_signs_beside_the_representative_and_never_alone(world: World) -> None:
    child = stored_file(world, head=head(birth=Birth(day=day(-365 * 15))))
    with world.unit("maier", write=True), pytest.raises(RuleError, match="Vertretung"):
        service.prepare_sheet(world.actor("maier"), get_client(child), new_sheet())
    sheet_id = prepared(world, child, release(), representative="Hamid Rahimi", representative_kind="SOR")
    with pytest.raises(RuleError) as refused:
        sign(world, sheet_id)
    assert refused.value.field == "representative"
    with pytest.raises(RuleError) as refused:
        sign(world, sheet_id, marks=(confirmed("Hamid Rahimi", "representative"),))
    assert refused.value.field == "client"
    sign(
        world,
        sheet_id,
        marks=(confirmed(), Mark(role="representative", way=SignatureWay.DRAWN.value, picture=b"\x89PNG")),
    )
    assert valid(world, child) == {"Wohnbau Musterhausen"}


def test_a_sheet_signed_on_paper_needs_its_scan(world: World) -> None:
    client_id, other = stored_file(world), stored_file(world)
    sheet_id = prepared(world, client_id)
    on_paper = (Mark(role="client", way=SignatureWay.PAPER.value),)
    with pytest.raises(RuleError) as refused:
        sign(world, sheet_id, marks=on_paper)
    assert refused.value.field == "attachment"
    with world.unit("maier", write=True):
        foreign = stored_text(world.actor("maier"), get_client(other)).id
        own = stored_text(world.actor("maier"), get_client(client_id)).id
    with pytest.raises(NotFoundError):
        sign(world, sheet_id, marks=on_paper, attachment_id=foreign)
    sign(world, sheet_id, marks=on_paper, attachment_id=own)
    assert valid(world, client_id) == {"Wohnbau Musterhausen"}


def test_declined_is_a_state_and_the_case_goes_on(world: World) -> None:
    client_id = stored_file(world)
    sheet_id = prepared(world, client_id)
    for _time in range(2):
        with world.unit("maier", write=True):
            sheet = queries.get_sheet(sheet_id)
            actor, client = world.actor("maier"), get_client(client_id)
            service.decline_sheet(actor, client, sheet, note="", version=sheet.text_rev)
            assert sheet.decided_on == clock.today()
            assert not client.closed
    with pytest.raises(RuleError):
        sign(world, sheet_id)
    assert valid(world, client_id) == set()


def test_a_sheet_that_has_run_out_before_it_was_signed_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = stored_file(world)
    sheet_id = prepared(world, client_id, release(), ends_on=day(3))
    later = day(10)
    monkeypatch.setattr(clock, "today", lambda: later)
    with pytest.raises(RuleError, match="abgelaufen"):
        sign(world, sheet_id, signed_on=later)
    assert valid(world, client_id, later) == set()


def test_what_has_run_out_is_remembered_until_it_is_renewed_or_laid_aside(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id = stored_file(world)
    (old,) = signed(world, client_id, release("Jobcenter"), ends_on=day(3))
    (other,) = signed(world, client_id, release("Schule am See"), ends_on=day(5))
    later = day(10)
    monkeypatch.setattr(clock, "today", lambda: later)
    assert end_kept(world, client_id) == later - dt.timedelta(days=7)
    assert valid(world, client_id, later) == set()
    sheet_id = prepared(world, client_id, release("Jobcenter"), ends_on=later + dt.timedelta(days=90))
    sign(world, sheet_id, signed_on=later)
    with world.unit("maier"):
        states = {view.id: view.state for view in queries.list_views(client_id)}
    assert (states[old], states[other]) == ("done", "valid")
    with world.unit("maier", write=True):
        service.finish_declaration(world.actor("maier"), get_client(client_id), queries.get_declaration(other))
    assert end_kept(world, client_id) == later + dt.timedelta(days=90)
    with world.unscoped():
        assert queries.earliest_ends() == {client_id: (later + dt.timedelta(days=90),)}
    with world.unit("maier", write=True):
        service.reopen_declaration(world.actor("maier"), get_client(client_id), queries.get_declaration(other))
    assert end_kept(world, client_id) == later - dt.timedelta(days=5)


def test_two_releases_for_one_recipient_hold_side_by_side(world: World) -> None:
    client_id = stored_file(world)
    signed(world, client_id, release("Jobcenter", fields=("NAM",)))
    signed(world, client_id, release("Jobcenter", fields=("LEI",)), ends_on=day(30))
    with world.unit("maier"):
        found = queries.list_valid_releases(client_id, clock.today())
    assert [sorted(each.fields) for each in found] == [["LEI"], ["NAM"]]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"recipient": "alle Behörden"}, "recipient"),
        ({"recipient": " "}, "recipient"),
        ({"fields": ()}, "fields"),
        ({"purpose": ""}, "purpose"),
        ({"ways": ()}, "ways"),
    ],
)
def test_a_release_that_says_too_little_is_refused(world: World, changes: dict[str, object], field: str) -> None:
    client_id = stored_file(world)
    with world.unit("maier", write=True), pytest.raises(RuleError) as refused:
        service.prepare_sheet(world.actor("maier"), get_client(client_id), new_sheet(release(**changes)))  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_discarded_sheet_comes_back(world: World) -> None:
    client_id = stored_file(world)
    sheet_id = prepared(world, client_id)
    with world.unit("maier", write=True):
        actor, client, sheet = world.actor("maier"), get_client(client_id), queries.get_sheet(sheet_id)
        service.discard_sheet(actor, client, sheet)
        with pytest.raises(RuleError, match="verworfen"):
            service.discard_sheet(actor, client, sheet)
        service.restore_sheet(actor, client, sheet)
    sign(world, sheet_id)
    assert valid(world, client_id) == {"Wohnbau Musterhausen"}
