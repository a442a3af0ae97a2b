"""The kept columns of the caseload are what a recount of the records says, whatever was done before."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from caseapp import clock
from caseapp.agreements import service as agreements
from caseapp.agreements.queries import in_force
from caseapp.catalogue.queries import title_rules
from caseapp.cli import cli
from caseapp.clients import service as clients
from caseapp.clients.models import BenefitFact, Caseload, Client, FactBox, FactKind, HistoryEntry, TitleFact
from caseapp.clients.queries import get_client
from caseapp.clients.rules import kept
from caseapp.clients.rules.kept import DatedTitle
from caseapp.clients.service import FileChange, caseload
from caseapp.clients.service.rebuild import rebuild
from caseapp.consents import service as consents
from caseapp.consents.models import Declaration, Mark, ReleaseLine, SheetText
from caseapp.counselling import service as contacts
from caseapp.counselling.models import Contact, ContactDetail
from caseapp.db import new_id, session
from caseapp.documents.signing import SignatureWay
from caseapp.errors import RuleError
from caseapp.factory import CASELOAD_COUNTERS
from caseapp.goals import service as goals
from caseapp.goals.models import Goal
from caseapp.papers.service import print_paper
from caseapp.referrals import queries as referral_queries
from caseapp.referrals import service as referrals
from caseapp.referrals.rules.states import State, Way
from caseapp.security.actor import Actor
from caseapp.tasks import service as tasks
from caseapp.tasks.models import Task
from caseapp.teamwork import service as teamwork
from tests.factories.agreements import signed as agreed
from tests.factories.files import stored_family, stored_file
from tests.factories.world import World

TODAY = clock.today()


def some_day(chance: random.Random, first: int, last: int) -> dt.date:
    return TODAY + dt.timedelta(days=chance.randint(first, last))


def one(chance: random.Random, rows: Any) -> Any:
    found = list(rows)
    return chance.choice(found) if found else None


def save_contact(actor: Actor, client: Client, chance: random.Random) -> None:
    new = contacts.NewContact(
        on_day=some_day(chance, -60, 0), kind=chance.choice(("BUE", "TEL", "FAL")), minutes=30, detail=ContactDetail()
    )
    contacts.save_contact(actor, client, new)


def cancel_contact(actor: Actor, client: Client, chance: random.Random) -> None:
    wanted = select(Contact).where(Contact.client_id == client.id, Contact.state == "valid").order_by(Contact.id)
    found = one(chance, session().scalars(wanted))
    if found:
        contacts.cancel_contact(actor, client, found, reason="verwechselt", change_id=new_id())


def add_task(actor: Actor, client: Client, chance: random.Random) -> None:
    tasks.add_task(actor, client, "Anruf", some_day(chance, -5, 40) if chance.random() < 0.8 else None)


def work_on_task(actor: Actor, client: Client, chance: random.Random) -> None:
    found = one(chance, session().scalars(select(Task).where(Task.client_id == client.id).order_by(Task.id)))
    if found is None:
        return
    if found.state != "open":
        tasks.reopen_task(actor, client, found)
    else:
        chance.choice((tasks.finish_task, tasks.cancel_task))(actor, client, found)


def add_title(actor: Actor, client: Client, chance: random.Random) -> None:
    begins = some_day(chance, -900, 0)
    ends = begins + dt.timedelta(days=chance.randint(100, 900)) if chance.random() < 0.8 else None
    box = FactBox(fact=TitleFact(code=chance.choice(("P24", "P25_3", "P104C"))))
    clients.add_fact(actor, client, FactKind.TITLE, box, begins, ends)


def add_benefit(actor: Actor, client: Client, chance: random.Random) -> None:
    clients.add_fact(actor, client, FactKind.BENEFIT, FactBox(fact=BenefitFact(kind="SGB2")), some_day(chance, -300, 0))


def cancel_or_restore_fact(actor: Actor, client: Client, chance: random.Random) -> None:
    wanted = select(HistoryEntry).where(HistoryEntry.client_id == client.id).order_by(HistoryEntry.id)
    found = one(chance, session().scalars(wanted))
    if found:
        chosen = clients.restore_fact if found.cancelled_at else clients.cancel_fact
        chosen(actor, client, found)


def confirm(actor: Actor, client: Client, chance: random.Random) -> None:
    clients.confirm_facts(actor, client, list(FactKind), some_day(chance, -20, 0))


def declare(actor: Actor, client: Client, chance: random.Random) -> None:
    """Prepare and sign a sheet, or withdraw, finish or reopen what was declared."""
    found = one(
        chance,
        session().scalars(select(Declaration).where(Declaration.client_id == client.id).order_by(Declaration.id)),
    )
    if found is None or chance.random() < 0.5:
        line = ReleaseLine(recipient="Amt", fields=("NAM",), purpose="LEI", ways=("BRF",))
        new = consents.NewSheet("consent", SheetText(), (consents.NewLine(line, some_day(chance, 0, 200)),))
        sheet = consents.prepare_sheet(actor, client, new)
        assert sheet.paper_id is not None
        print_paper(actor, sheet.paper_id, {consents.SHEET: lambda _order: b"%PDF-1.7 erfunden"})
        marks = (Mark(role="client", way=SignatureWay.CONFIRMED.value, name="Zahra"),)
        signature = consents.SheetSignature(marks=marks, signed_on=TODAY)
        consents.sign_sheet(actor, client, sheet, signature, version=sheet.text_rev)
    elif chance.random() < 0.5:
        consents.withdraw(actor, client, [found.id], consents.Withdrawal("TEL"), ())
    else:
        chance.choice((consents.finish_declaration, consents.reopen_declaration))(actor, client, found)


def edit(actor: Actor, client: Client, chance: random.Random) -> None:
    body = msgspec.structs.replace(client.body, earlier_counselling_months=chance.randint(0, 30))
    ags = chance.choice(("08115003", "08111000", None))
    clients.edit_file(
        actor,
        client,
        FileChange(head=client.head, body=body, ags=ags, head_rev=client.head_rev, body_rev=client.body_rev),
    )


def close_and_reopen(actor: Actor, client: Client, _chance: random.Random) -> None:
    teamwork.close_file(actor, client, reason="ZIE", on=TODAY)
    teamwork.reopen_file(actor, client)


def add_goal(actor: Actor, client: Client, chance: random.Random) -> None:
    steps = (goals.NewStep(chance.choice(("client", "office")), "Anruf", some_day(chance, -5, 40)),)
    goals.add_goal(actor, client, goals.NewGoal(area="WOH", own_words="Wohnen", steps=steps))


def work_on_goal(actor: Actor, client: Client, chance: random.Random) -> None:
    found = one(chance, session().scalars(select(Goal).where(Goal.client_id == client.id).order_by(Goal.id)))
    if found is None:
        return
    review = chance.choice(
        (
            goals.Review(client_score=2),
            goals.Review(result="ERR"),
            goals.Review(adjusted=goals.NewGoal(area="ARB", own_words="Arbeiten")),
        )
    )
    match chance.choice(("review", "back", "cancel", "restore")):
        case "cancel":
            goals.cancel_goal(actor, client, found)
        case "restore":
            goals.restore_goal(actor, client, found)
        case act:
            made = goals.review_goal(actor, client, found, review, version=found.version)
            if act == "back":
                goals.take_back_review(actor, client, found, made)


def agree_or_end(actor: Actor, client: Client, chance: random.Random) -> None:
    standing = in_force(client.id)
    if standing is not None and chance.random() < 0.4:
        agreements.withdraw(actor, client, standing, "beendet")
    else:
        agreed(actor, client)


def refer(actor: Actor, client: Client, chance: random.Random) -> None:
    new = referrals.NewReferral(way=Way.CARRIED, recipient="Verein am See", purpose="TEI", fields=("NAM",))
    referral = referrals.propose(actor, client, new)
    seen = referral_queries.preview(client, referral, TODAY).digest
    referrals.send(actor, client, referral, version=referral.version, seen=seen, answer_days=chance.choice((0, 5, 30)))


def answer_referral(actor: Actor, client: Client, chance: random.Random) -> None:
    views = [view for view in referral_queries.list_referrals(client.id) if view.running]
    if not views:
        return
    referral = chance.choice(views).referral
    last = referral_queries.last_step(referral.id)
    if last is not None and chance.random() < 0.4:
        referrals.undo_step(actor, client, referral, last.id)
    elif last is not None:
        answer = chance.choice((State.ACCEPTED, State.DECLINED, State.NO_ANSWER))
        referrals.record_answer(actor, client, referral, answer, version=referral.version)


STEPS: dict[str, Callable[[Actor, Client, random.Random], None]] = {
    step.__name__: step
    for step in (
        save_contact,
        cancel_contact,
        add_task,
        work_on_task,
        add_title,
        add_benefit,
        cancel_or_restore_fact,
        confirm,
        declare,
        edit,
        close_and_reopen,
        add_goal,
        work_on_goal,
        agree_or_end,
    )
}


def recount(world: World) -> tuple[int, int]:
    with world.services.database.unit(None, write=True):
        done = rebuild(CASELOAD_COUNTERS)
    return done.clients, done.mended


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(sorted(STEPS)), min_size=3, max_size=12), seed=st.integers(0, 10_000))
def test_the_kept_columns_equal_a_recount(world: World, steps: list[str], seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    family = stored_family(world)
    actor = world.actor("maier")
    for step in steps:
        client_id = chance.choice(family)
        try:
            with world.unit("maier", write=True):
                STEPS[step](actor, get_client(client_id), chance)
        except RuleError:
            continue  # the rule refused it; nothing may have changed then
    assert recount(world)[1] == 0


def test_assigning_across_teams_takes_the_row_along(world: World) -> None:
    client_id = stored_file(world)
    with world.unit("leitung", write=True):
        teamwork.assign_client(world.actor("leitung"), get_client(client_id), world.users["oez"])
    with world.unscoped() as unit:
        row = unit.scalars(select(Caseload).where(Caseload.client_id == client_id)).one()
        assert row.worker_id == world.users["oez"]
    assert recount(world) == (1, 0)


def test_a_rebuild_renews_search_lines_of_older_rules(world: World) -> None:
    stale, _right = stored_file(world), stored_file(world)
    with world.unscoped(write=True) as unit:
        client = unit.scalars(select(Client).where(Client.id == stale)).one()
        line = client.head.search_line
        client.head = msgspec.structs.replace(client.head, keys=(" old line |.x.",))
    with world.unscoped(write=True):
        assert rebuild(CASELOAD_COUNTERS).lines == 1
    with world.unscoped() as unit:
        assert unit.scalars(select(Client).where(Client.id == stale)).one().head.search_line == line
    with world.unscoped(write=True):
        assert rebuild(CASELOAD_COUNTERS).lines == 0


def test_a_rebuild_mends_what_is_missing_or_wrong(world: World) -> None:
    lost, wrong, right = (stored_file(world) for _ in range(3))
    with world.unscoped(write=True) as unit:
        unit.execute(delete(Caseload).where(Caseload.client_id == lost))
        unit.execute(update(Caseload).where(Caseload.client_id == wrong).values(last_contact_on=TODAY, open_tasks=7))
    assert recount(world) == (3, 2)
    assert recount(world) == (3, 0)
    with world.unscoped() as unit:
        rows = {row.client_id: row for row in unit.scalars(select(Caseload))}
    assert set(rows) == {lost, wrong, right}
    assert rows[wrong].last_contact_on is None
    assert rows[wrong].open_tasks == 0
    assert rows[lost].worker_id == world.users["maier"]


def test_the_command_rebuilds_and_says_what_it_mended(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client_id = stored_file(world)
    with world.unscoped(write=True) as unit:
        unit.execute(update(Caseload).where(Caseload.client_id == client_id).values(open=False))
    monkeypatch.setenv("CASEAPP_DATA", str(world.services.settings.data_dir))
    monkeypatch.setenv("CASEAPP_KEYS", str(world.services.settings.keys_dir))
    done = CliRunner().invoke(cli, ["caseload", "rebuild"])
    assert done.exit_code == 0, done.output
    assert "1 Akten geprüft, 1 Zeilen berichtigt" in done.output


def test_an_earlier_contact_does_not_move_the_last_one_back(world: World) -> None:
    client_id = stored_file(world)
    for ago, expected in ((9, 9), (20, 9), (3, 3)):
        with world.unit("maier", write=True):
            caseload.note_contact(client_id, TODAY - dt.timedelta(days=ago))
        assert last_contact(world, client_id) == TODAY - dt.timedelta(days=expected)


def test_a_client_without_a_row_is_not_passed_over_in_silence(world: World) -> None:
    with world.unit("maier", write=True), pytest.raises(LookupError):
        caseload.set_confirmed(new_id(), TODAY)


def last_contact(world: World, client_id: UUID) -> dt.date | None:
    with world.unscoped() as unit:
        return unit.scalars(select(Caseload.last_contact_on).where(Caseload.client_id == client_id)).one()


@pytest.mark.parametrize(
    ("titles", "ends"),
    [
        ([], None),
        ([DatedTitle("P25_3", None, None)], None),
        ([DatedTitle("P25_3", dt.date(2025, 1, 1), dt.date(2027, 1, 1))], dt.date(2027, 1, 1)),
        ([DatedTitle("P24", dt.date(2023, 5, 1), dt.date(2024, 3, 4))], dt.date(2027, 3, 4)),
        ([DatedTitle("P24", dt.date(2026, 4, 1), dt.date(2026, 9, 30))], dt.date(2026, 9, 30)),
        (
            [
                DatedTitle("P24", dt.date(2022, 5, 1), dt.date(2026, 3, 4)),
                DatedTitle("P25_3", dt.date(2026, 5, 1), dt.date(2029, 5, 1)),
            ],
            dt.date(2029, 5, 1),
        ),
    ],
    ids=["none", "without end", "as printed", "runs on by law", "issued after the rule", "the newest counts"],
)
def test_the_end_of_the_title_follows_the_law(titles: list[DatedTitle], ends: dt.date | None) -> None:
    assert kept.title_end(titles, title_rules()) == ends


def test_the_three_years_end_on_the_same_day_or_the_months_last() -> None:
    assert kept.counselling_ends(dt.date(2024, 2, 29), 0) == dt.date(2027, 2, 28)
    assert kept.counselling_ends(dt.date(2026, 1, 15), 14) == dt.date(2027, 11, 15)


def test_one_fact_that_was_never_confirmed_leaves_the_file_unconfirmed() -> None:
    assert kept.oldest_confirmation([TODAY, None]) is None
    assert kept.oldest_confirmation([]) is None
    assert kept.oldest_confirmation([TODAY, TODAY - dt.timedelta(days=3)]) == TODAY - dt.timedelta(days=3)
