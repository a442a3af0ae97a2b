"""Which records count, which do not and why, and what a line says: written down by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from caseapp import schema
from caseapp.agreements.models import Agreement
from caseapp.clients.models import (
    Birth,
    ClientBody,
    Fact,
    LanguageFact,
    SchoolFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.queries import get_client
from caseapp.clients.service import NewFact, protect
from caseapp.counselling import service as counselling
from caseapp.counselling.models import Activity, ActivityDetail, AdviceDetail, ContactDetail
from caseapp.counselling.service import NewContact
from caseapp.db import Base, ClientBound, ClientListed, OrganisationBound, session
from caseapp.tallies import keys, queries, sources
from caseapp.tallies.lines import (
    ActivityLine,
    AdviceLine,
    ContactLine,
    LanguageLine,
    PersonLine,
    SchoolLine,
    StayLine,
    TitleLine,
    WorkLine,
)
from tests.factories.files import head, stored_family, stored_file
from tests.factories.world import World

schema.data_metadata()
BOUND: list[Any] = sorted(
    (
        mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, ClientBound | ClientListed | OrganisationBound)
    ),
    key=lambda table: str(table.__tablename__),
)
# Why no figure is made of a table of a carrier or a client.
SILENT = {
    "kept or counted from records that count themselves": (
        "caseload",
        "figure_snapshot",
        "keyfigure_count",
        "keyfigure_freeze",
        "keyfigure_submission",
        "tally",
        "tally_gap",
    ),
    "who may see or saw the file, and what became of the file itself": (
        "access_paper",
        "client_grant",
        "complaint",
        "erasure",
        "legal_entry",
    ),
    "not said yet, or on its way in": (
        "client_draft",
        "office_draft",
        "import",
        "import_mapping",
        "import_part",
        "waiting_contact",
        "job",
        "housing_check",
    ),
    "a paper or a file; what came of it counts": (
        "attachment",
        "paper",
        "letter",
        "disclosure",
        "legal_request",
        "outside_request",
    ),
    "what was declared and explained, which no figure asks for": (
        "declaration",
        "declaration_content",
        "declaration_sheet",
    ),
    "the history of a correction; the record itself counts": ("contact_change",),
    "part of a goal, which counts as a whole": (
        "goal_event",
        "goal_score",
        "goal_step",
        "task",
    ),
    "plans, wishes and applications: what came of them is a fact of the file": (
        "other_plan",
        "housing_wish",
        "housing_application",
        "volunteer_wish",
    ),
    "says nothing of a person: its members count": ("household",),
    "the office's own settings and notes": (
        "hidden_code",
        "partner_note",
        "worker_comparison",
        "works_agreement",
        "keyfigure_before",
        "keyfigure_form",
    ),
    "an answer to a question of the Kennzahlen, read by them": ("keyfigure_answer",),
}
REASONS = {table: reason for reason, tables in SILENT.items() for table in tables}
DAY = dt.date(2026, 3, 2)


@pytest.mark.parametrize("table", BOUND, ids=lambda table: str(table.__tablename__))
def test_every_table_of_a_client_or_carrier_counts_or_says_why_not(table: Any) -> None:
    assert sources.counts(table) is not (table.__tablename__ in REASONS), table.__tablename__


FACTS: tuple[Fact, ...] = (
    TitleFact(code="AUF_25_2", work_permission="FREI", text="geheim"),
    StayFact(form="PRI", legal_title="EIG", street="Weg 3", ags="08115003"),
    WorkFact(kind="SVP", employer=" Bäckerei  HUBER ", hours=20),
    LanguageFact(level="A2", evidence="ZER", certified_on=DAY),
    SchoolFact(stage="GS", support="JMD", school="Waldschule"),
)


def test_a_file_says_codes_and_days_and_no_text(world: World) -> None:
    client_id = stored_file(
        world,
        head=head(sex="M", language="ti", birth=Birth(day=dt.date(2001, 5, 6))),
        body=ClientBody(nationalities=("ER", "ET"), literacy="LAT", entered_on=DAY, au_since=DAY, remarks="geheim"),
        ags="08115003",
        opened_on=DAY,
        facts=tuple(NewFact(fact=fact, from_on=DAY) for fact in FACTS),
    )
    with world.unit("maier", write=True):
        protect(world.actor("maier"), get_client(client_id))
    with world.unscoped():
        course = queries.courses_of([client_id])[client_id]
        employer = keys.text_mark("employer", "bäckerei huber")
        assert course.person == PersonLine(
            sex="M",
            born_on=dt.date(2001, 5, 6),
            nationality="ER",
            language="ti",
            literacy="LAT",
            ags="08115003",
            team_id=world.teams["Nord"],
            worker_id=world.users["maier"],
            opened_on=DAY,
            entered_on=DAY,
            au_since=DAY,
        )
        assert course.titles == [TitleLine(from_on=DAY, code="AUF_25_2", work_permission="FREI")]
        assert course.stays == [StayLine(from_on=DAY, form="PRI", legal_title="EIG", ags="08115003")]
        assert course.works == [WorkLine(from_on=DAY, kind="SVP", employer=employer)]
        assert course.languages == [LanguageLine(from_on=DAY, level="A2", evidence="ZER", certified_on=DAY)]
        assert course.schools == [SchoolLine(from_on=DAY, stage="GS", support="JMD")]


def test_a_contact_counts_for_who_took_part_until_it_is_taken_back(world: World) -> None:
    mother, child = stored_family(world, members=2)
    new = NewContact(
        on_day=DAY,
        kind="BUE",
        minutes=40,
        detail=ContactDetail(note="geheim", topics=("WOH", "EXI"), participants=(child,)),
    )
    with world.unit("maier", write=True):
        actor = world.actor("maier")
        contact = counselling.save_contact(actor, get_client(mother), new)
        contact_id, at = contact.id, contact.created_at
    with world.unscoped():
        found = queries.courses_of([mother, child])
        assert found[mother].contacts == [
            ContactLine(
                on_day=DAY,
                kind="BUE",
                topics=("WOH", "EXI"),
                minutes=40,
                worker_id=world.users["maier"],
                recorded_at=at,
            )
        ]
        (presence,) = found[child].presences
        assert (presence.on_day, presence.kind, presence.recorded_at) == (DAY, "BUE", at)
        assert found[mother].households[0].household == found[child].households[0].household
        assert [found[each].households[0].anchor for each in (mother, child)] == [True, False]
    with world.unit("maier", write=True):
        client = get_client(mother)
        counselling.undo_contact(world.actor("maier"), client, session().get_one(type(contact), contact_id))
    with world.unscoped():
        found = queries.courses_of([mother, child])
        assert found[mother].contacts == found[child].presences == []


def test_work_without_a_file_is_nobodys_line(world: World) -> None:
    carrier = world.organisations["Musterhausen"]
    with world.unit("maier", write=True):
        actor = world.actor("maier")
        advice = counselling.add_advice(
            actor,
            carrier,
            advice_id=keys.line_id(carrier),
            on_day=DAY,
            kind="TEL",
            minutes=10,
            ags=None,
            detail=AdviceDetail(topic="WOH"),
        )
        activity = Activity(
            organisation_id=carrier,
            worker_id=actor.user_id,
            on_day=DAY,
            minutes=30,
            created_at=advice.created_at,
            detail=ActivityDetail(kind="NET", text="geheim"),
        )
        session().add(activity)
        worker, at = actor.user_id, advice.created_at
    with world.unscoped():
        counted = queries.read()
        assert (counted.courses, counted.unreadable) == ([], 0)
        (office,) = counted.offices
        assert office == queries.offices([carrier])[0]
        assert office.advice == [
            AdviceLine(on_day=DAY, kind="TEL", minutes=10, topic="WOH", worker_id=worker, recorded_at=at)
        ]
        assert office.activities == [ActivityLine(on_day=DAY, kind="NET", minutes=30, worker_id=worker)]


def test_signed_papers_are_not_opened_for_a_line() -> None:
    assert not {"text", "decision"} & set(Agreement.tallied)
