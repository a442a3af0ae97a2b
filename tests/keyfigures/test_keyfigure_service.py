"""Counting, answering, freezing and sending on the real database."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select

from caseapp import clock, jobs
from caseapp.audit import AuditEvent
from caseapp.clients.models import Birth, Client, ClientBody
from caseapp.errors import ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.jobs import Job, JobState
from caseapp.keyfigures import queries, service
from caseapp.keyfigures.models import KeyfigureAnswer, KeyfigureFreeze, KeyfigureHandover
from caseapp.keyfigures.rules.sheets import WORKER, Slot
from caseapp.keyfigures.rules.totals import Totals
from caseapp.keyfigures.service import Value
from tests.factories.files import head, stored_file
from tests.factories.world import World
from tests.keyfigures.conftest import YEAR, met
from tests.keyfigures.courses import workbook

CARRIER = "Musterhausen"


def run(world: World, login: str, start: Callable[[], Job | None]) -> Job:
    """Order a job as this person, let it be done, and give it back."""
    with world.unit(login, write=True) as unit:
        start()
        (job_id,) = jobs.started(unit)
    world.services.queue.run_now(job_id, world.users[login])
    with world.unit(login):
        return jobs.get_job(job_id)


def counted(world: World, login: str = "haupt", carrier: str = CARRIER, year: int = YEAR) -> Totals:
    """The carrier's year, counted by the job."""
    organisation_id = world.organisations[carrier]
    job = run(world, login, lambda: service.order_count(world.actor(login), organisation_id, year))
    assert job.state == JobState.DONE, job.message
    with world.unit(login):
        found = queries.find_count(organisation_id, year)
        assert found is not None
        return queries.totals_of(found.box)


def frozen(world: World, login: str = "haupt", carrier: str = CARRIER, **values: Any) -> UUID:
    """The id of a freeze of what was counted last."""
    with world.unit(login, write=True):
        found = queries.find_count(world.organisations[carrier], YEAR)
        assert found is not None
        values = {"box_rev": found.box_rev, "comments": {}, **values}
        return service.freeze(world.actor(login), found, **values).id


def uploaded(world: World, login: str = "koord", content: bytes | None = None, **values: Any) -> UUID:
    """The id of a workbook whose cells were proposed by its words."""
    values = {"form_id": uuid4(), "from_year": YEAR, "name": "Auswertung.xlsx", **values}
    with world.unit(login, write=True):
        owner = world.organisations[CARRIER]
        return service.upload(world.actor(login), owner, content=content or workbook(), **values).id


def questions_of(world: World, carrier: str = CARRIER) -> list[service.Question]:
    return service.open_questions(world.actor("maier"), world.organisations[carrier], YEAR)


def test_the_job_counts_everybody_of_the_carrier_protected_files_too_and_nobody_else(counted_house: World) -> None:
    with counted_house.unscoped(write=True) as unit:
        for client in unit.scalars(select(Client).where(Client.worker_id == counted_house.users["oez"])):
            client.protected = True
    met(counted_house, stored_file(counted_house, "fremd"), "fremd")
    totals = counted(counted_house)
    assert (totals.number("PER"), totals.number("KON")) == (6, 6)
    assert totals.classes("PER", "sex") == {"W": 5, "OA": 1}
    maier, oez = counted_house.users["maier"].hex, counted_house.users["oez"].hex
    assert (totals.number("PER", who=maier), totals.number("PER", who=oez)) == (4, 2)
    assert dict(totals.names) == {maier: "Eva Maier", oez: "Deniz Öz"}
    with counted_house.unscoped() as unit:
        actions = set(unit.scalars(select(AuditEvent.action)))
    assert {"keyfigure:order_count", "keyfigure:count", "scope:everything"} <= actions


def test_a_count_that_meets_a_code_without_a_class_says_so_and_keeps_the_former_one(counted_house: World) -> None:
    assert counted(counted_house).number("PER") == 6
    with counted_house.unscoped(write=True) as unit:
        client = unit.scalars(select(Client)).first()
        assert client is not None
        client.head = msgspec.structs.replace(client.head, sex="QX")
    owner = counted_house.organisations[CARRIER]
    job = run(counted_house, "haupt", lambda: service.order_count(counted_house.actor("haupt"), owner, YEAR))
    assert job.state == JobState.FAILED
    assert "„QX“ der Liste „sexes“" in job.message
    with counted_house.unit("haupt"):
        kept = queries.find_count(owner, YEAR)
        assert kept is not None
        assert queries.totals_of(kept.box).number("PER") == 6


@pytest.mark.parametrize(("login", "year"), [("maier", YEAR), ("leitung", YEAR), ("koord", YEAR), ("fernhaupt", YEAR)])
def test_only_the_head_of_the_carrier_lets_it_be_counted(house: World, login: str, year: int) -> None:
    with house.unit(login, write=True), pytest.raises(ForbiddenError):
        service.order_count(house.actor(login), house.organisations[CARRIER], year)


@pytest.mark.parametrize("year", [2016, YEAR + 2])
def test_a_year_that_has_no_numbers_is_refused(house: World, year: int) -> None:
    with house.unit("haupt", write=True), pytest.raises(RuleError):
        service.order_count(house.actor("haupt"), house.organisations[CARRIER], year)


def test_answers_go_into_the_file_and_off_the_list_in_few_statements(
    house: World, count_statements: Callable[[], Any]
) -> None:
    actor = house.actor("maier")
    empty = head("Ohne", "Alles", sex="", birth=Birth())
    first = stored_file(house, head=empty, body=ClientBody(), ags=None)
    met(house, first)
    other = stored_file(house, "oez", head=empty)
    met(house, other, "oez")
    with house.unit("maier"):
        found = questions_of(house)
        assert [(each.client_id, each.dimension) for each in found] == [
            (first, name) for name in ("sex", "age", "nationality", "title", "municipality")
        ]
    values = {
        "sex": Value(code="M"),
        "age": Value(birth=Birth(day=dt.date(1990, 1, 1), year_only=True)),
        "nationality": Value(code="475"),
        "title": Value(code="P24", from_on=dt.date(2024, 1, 1), entry_id=uuid4()),
        "municipality": Value(ags="08435057"),
    }
    for dimension, value in values.items():
        with house.unit("maier", write=True) as unit:
            client = unit.get_one(Client, first)
            revisions = {"head_rev": client.head_rev, "body_rev": client.body_rev}
            typed = Value(**{name: getattr(value, name) for name in ("code", "birth", "ags", "from_on")}, **revisions)
            service.answer(actor, client, dimension, typed)
    with house.unit("maier") as unit:
        assert questions_of(house) == []
        with pytest.raises(ForbiddenError):
            questions_of(house, "Fremdstadt")
        client = unit.get_one(Client, first)
        assert (client.head.sex, client.body.nationalities, client.ags) == ("M", ("475",), "08435057")
    with house.unit("maier"), count_statements() as few:
        questions_of(house)
    for _number in range(6):
        met(house, stored_file(house, head=empty))
    with house.unit("maier"), count_statements() as many:
        assert len(questions_of(house)) == 5 * 6
    # Names, answers and their keys are read once there are questions: never once a file.
    assert int(many) <= int(few) + 5
    for _number in range(3):
        met(house, stored_file(house, head=empty))
    with house.unit("maier"), count_statements() as more:
        questions_of(house)
    assert int(more) == int(many)


def test_no_answer_is_kept_for_the_year_once_can_be_taken_back_and_goes_with_the_file(counted_house: World) -> None:
    actor = counted_house.actor("maier")
    with counted_house.unit("maier", write=True) as unit:
        before = questions_of(counted_house)
        asked = next(each for each in before if each.dimension == "sex")
        client, answer_id = unit.get_one(Client, asked.client_id), uuid4()
        first = service.answer_unknown(actor, client, YEAR, "sex", answer_id=answer_id)
        assert service.answer_unknown(actor, client, YEAR, "sex", answer_id=answer_id).id == first.id
        assert service.answer_unknown(actor, client, YEAR, "sex", answer_id=uuid4()).id == first.id
        assert len(questions_of(counted_house)) == len(before) - 1
        assert client.head.sex == ""
        assert (asked.client_id, "sex") not in queries.answered([asked.client_id], YEAR + 1)
    assert counted(counted_house).classes("PER", "sex")["OA"] == 1
    with counted_house.unit("oez"), pytest.raises(NotFoundError):
        queries.get_answer(answer_id)
    with counted_house.unit("maier", write=True):
        service.take_back(actor, queries.get_answer(answer_id))
        assert len(questions_of(counted_house)) == len(before)


def test_an_answer_to_a_file_that_somebody_else_saved_is_a_conflict_and_nonsense_is_refused(
    counted_house: World,
) -> None:
    actor = counted_house.actor("maier")
    with counted_house.unit("maier", write=True) as unit:
        asked = next(each for each in questions_of(counted_house) if each.dimension == "sex")
        client = unit.get_one(Client, asked.client_id)
        old = {"head_rev": client.head_rev - 1, "body_rev": client.body_rev}
        for dimension, value in (("sex", Value(code="W", **old)), ("title", Value(code="P24", **old))):
            with pytest.raises(ConflictError):
                service.answer(actor, client, dimension, value)
        now = {"head_rev": client.head_rev, "body_rev": client.body_rev}
        for dimension in ("sex", "age", "nationality", "title", "municipality"):
            with pytest.raises(RuleError) as refused:
                service.answer(actor, client, dimension, Value(**now))
            assert refused.value.field == "value"
        with pytest.raises(RuleError, match="nicht gefragt"):
            service.answer(actor, client, "topic", Value(code="WOH", **now))
    with counted_house.unit("leitung", write=True) as unit:
        client = unit.get_one(Client, asked.client_id)
        with pytest.raises(ForbiddenError):
            service.answer(counted_house.actor("leitung"), client, "sex", Value(code="W", **now))


def test_frozen_numbers_stay_and_later_entries_wait_for_a_correction_with_a_reason(counted_house: World) -> None:
    counted(counted_house)
    freeze_id = uuid4()
    first = frozen(counted_house, freeze_id=freeze_id)
    assert frozen(counted_house, freeze_id=freeze_id) == first
    with pytest.raises(RuleError, match="keine Zahl geändert"):
        frozen(counted_house)
    met(counted_house, stored_file(counted_house))
    old = counted_house.organisations[CARRIER]
    with counted_house.unit("haupt"):
        stale = queries.find_count(old, YEAR)
        assert stale is not None
        stale_rev = stale.box_rev
    assert counted(counted_house).number("PER") == 7
    with counted_house.unit("haupt"):
        count, kept = queries.find_count(old, YEAR), queries.find_freeze(old, YEAR)
        assert count is not None
        assert kept is not None
        late = service.late_entries(count, kept)
        assert late.contacts == 1
        assert {change.field.code: change.difference for change in late.changes} == {"PER": 1, "KON": 1}
        assert queries.totals_of(kept.box).number("PER") == 6
        assert queries.totals_of(kept.box).digest == kept.digest
    with pytest.raises(ConflictError):
        frozen(counted_house, box_rev=stale_rev, reason="Nachgetragen")
    with pytest.raises(RuleError) as refused:
        frozen(counted_house)
    assert refused.value.field == "reason"
    frozen(counted_house, reason="Ein Kontakt war nachzutragen")
    with counted_house.unscoped() as unit:
        assert sorted(unit.scalars(select(KeyfigureFreeze.number))) == [1, 2]
        handed = unit.scalars(select(KeyfigureHandover).order_by(KeyfigureHandover.number)).all()
        assert [queries.totals_of(row.box).number("PER") for row in handed] == [6, 7]
        # The district gets no breakdown, not even sealed.
        assert not [cell for row in handed for cell, _n in queries.totals_of(row.box).values if cell.dimension]


def test_a_change_of_a_fifth_against_the_typed_last_year_needs_words(counted_house: World) -> None:
    owner = counted_house.organisations[CARRIER]
    with counted_house.unit("haupt", write=True):
        actor = counted_house.actor("haupt")
        with pytest.raises(RuleError):
            service.type_last_year(actor, owner, YEAR - 1, {"PER": -1})
        numbers = {"PER": 10, "KON": 6, "FAM": None, "PLN": 0, "PLF": 0}
        service.type_last_year(actor, owner, YEAR - 1, numbers)
        service.type_last_year(actor, owner, YEAR - 1, numbers)
    counted(counted_house)
    with pytest.raises(RuleError) as refused:
        frozen(counted_house, comments={"PER": "  "})
    assert refused.value.field == "comment_PER"
    frozen(counted_house, comments={"PER": "Zwei Stellen waren unbesetzt"})
    with counted_house.unit("haupt"):
        assert queries.last_year(owner, YEAR + 1) == {"PER": 6, "FAM": 0, "KON": 6, "PLN": 0, "PLF": 0}


def test_a_used_workbook_never_changes_and_a_new_one_takes_the_cells_along(counted_house: World) -> None:
    koord = counted_house.actor("koord")
    form_id = uploaded(counted_house)
    counted(counted_house)
    frozen(counted_house)
    with counted_house.unit("koord", write=True):
        form = queries.get_form(form_id, koord.organisation_ids, lock=True)
        before = queries.slots_of(form)
        assert Slot(sheet="Auswertung", place="B3", field="PER") in before
        name = Slot(sheet="Personal", place="a2", field=WORKER, down=True)
        assert service.set_slot(koord, form, name, revision=form.slots_rev).id == form_id
        with pytest.raises(ConflictError):
            service.remove_slot(koord, form, "Auswertung", "B3", revision=form.slots_rev - 1)
        with pytest.raises(RuleError, match="Formel"):
            service.set_slot(koord, form, Slot(sheet="Auswertung", place="B8", field="PER"), revision=form.slots_rev)
        kept = queries.slots_of(form)
        form.used = True
        changed = service.remove_slot(koord, form, "Auswertung", "B3", revision=form.slots_rev)
        assert (changed.number, changed.used, queries.slots_of(form)) == (2, False, kept)
        with pytest.raises(RuleError):
            service.set_years(koord, form, YEAR - 1, None)

    def renamed(book: Any) -> None:
        book["Auswertung"].title = "Zahlen"

    newer = uploaded(counted_house, content=workbook(renamed))
    with counted_house.unit("koord"):
        form = queries.get_form(newer, koord.organisation_ids)
        wrong = service.troubles_of(form)
        # Nothing is lost: cells of the sheet that is gone are named, one by one.
        assert len(wrong) == len([slot for slot in queries.slots_of(form) if slot.sheet == "Auswertung"]) > 0
        assert "gibt es in dieser Datei nicht" in wrong[0].message
        found = queries.find_form(counted_house.organisations[CARRIER], YEAR)
        assert found is not None
        assert found.id == newer
    with counted_house.unit("koord", write=True):
        form = queries.get_form(newer, koord.organisation_ids)
        table = service.export_slots(form)
        service.import_slots(koord, form, table, revision=form.slots_rev)
        assert service.export_slots(form) == table
        for content, message in (
            (b"\xff\xfe", "UTF-8"),
            (b"a;b", "erste Zeile"),
            (table + b"Blatt;3B;PER;;;\r\n", "keine"),
            (table + b"Blatt;B3\r\n", "sechs Spalten"),
            (table + b";B3;PER;;;\r\n", "fehlt das Blatt"),
        ):
            with pytest.raises(RuleError, match=message):
                service.import_slots(koord, form, content, revision=form.slots_rev)


def test_a_district_sends_the_sum_without_small_classes_and_archives_what_it_sent(
    counted_house: World, count_statements: Callable[[], Any]
) -> None:
    world, koord = counted_house, counted_house.actor("koord")
    owner = world.organisations[CARRIER]
    for _number in range(2):
        met(world, stored_file(world, "fremd"), "fremd")
    form_id = uploaded(world)
    with world.unit("koord", write=True):
        form = queries.get_form(form_id, [owner])
        for place, field in (("A2", WORKER), ("B2", "PER")):
            slot = Slot(sheet="Personal", place=place, field=field, down=True)
            service.set_slot(koord, form, slot, revision=form.slots_rev)

    def order(**values: Any) -> Any:
        values = {"submission_id": uuid4(), "comments": {}, **values}
        return service.order_papers(koord, owner, YEAR, **values)

    with world.unit("koord", write=True), pytest.raises(RuleError, match="Noch kein Träger"):
        order()
    counted(world)
    frozen(world)
    with world.unit("koord", write=True), pytest.raises(RuleError, match="Fremdstadt") as refused:
        order()
    assert refused.value.field == "without"
    counted(world, "fernhaupt", "Fremdstadt")
    frozen(world, "fernhaupt", "Fremdstadt")
    with world.unit("koord"), count_statements() as count:
        collection = service.collect(koord, owner, YEAR)
    assert [part.name for part in collection.parts] == ["Fremdstadt", "Musterhausen"]
    assert not collection.missing
    assert (collection.totals.number("PER"), collection.before) == (8, None)
    assert int(count) <= 12
    submission_id = uuid4()
    job = run(world, "koord", lambda: order(submission_id=submission_id) and None)
    assert job.state == JobState.DONE, job.message
    with world.unit("koord", write=True):
        made = queries.get_submission(submission_id, [owner])
        assert order(submission_id=submission_id).id == made.id
        xlsx, pdf = service.file_of(koord, made, "xlsx"), service.file_of(koord, made, "pdf")
        assert service.is_archived(made, xlsx) == "xlsx"
        assert service.is_archived(made, xlsx + b" ") == ""
        with pytest.raises(RuleError):
            service.mark_sent(koord, made, sent_on=clock.today() + dt.timedelta(days=1), way="Post")
        with pytest.raises(RuleError):
            service.mark_sent(koord, made, sent_on=clock.today(), way=" ")
        service.mark_sent(koord, made, sent_on=clock.today(), way="Post")
        assert (made.state, made.note.way) == ("sent", "Post")
        service.unmark_sent(koord, made)
        assert (made.state, made.sent_on) == ("made", None)
    book = load_workbook(io.BytesIO(xlsx))
    sheet, people = book["Auswertung"], book["Personal"]
    # Eight persons, one without a sex: the class goes, and the women with it, for there is nothing else.
    assert [sheet[place].value for place in ("B3", "B4", "B5", "B7", "B8")] == [8, ".", ".", ".", "=SUM(B4:B7)"]
    assert {(row[0].value, row[1].value) for row in people["A2:B4"]} == {
        ("Eva Maier", 4),
        ("Deniz Öz", 2),
        ("Felix Fremd", 2),
    }
    _check_print(pdf, made.digest)


def _check_print(pdf: bytes, digest: str) -> None:
    reader = PdfReader(io.BytesIO(pdf))
    texts = [page.extract_text() for page in reader.pages]
    assert all("nicht zur Veröffentlichung" in text for text in texts)
    assert digest in "".join("".join(texts).split())
    assert "Eva Maier" in "".join(texts)
    assert "Unterschrift und Stempel" in texts[-1]
    root: Any = reader.trailer["/Root"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_a_head_who_applies_alone_sends_exact_numbers(counted_house: World) -> None:
    world, haupt, owner = counted_house, counted_house.actor("haupt"), counted_house.organisations[CARRIER]
    uploaded(world, "haupt")
    counted(world)
    frozen(world)
    submission_id = uuid4()

    def order() -> None:
        service.order_papers(haupt, owner, YEAR, submission_id=submission_id, comments={})

    assert run(world, "haupt", order).state == JobState.DONE  # type: ignore[arg-type]
    with world.unit("haupt", write=True):
        made = queries.get_submission(submission_id, [owner])
        sheet = load_workbook(io.BytesIO(service.file_of(haupt, made, "xlsx")))["Auswertung"]
        assert [sheet[place].value for place in ("B3", "B4", "B5", "B7")] == [6, 5, 0, 1]
    for login in ("maier", "leitung", "fernhaupt"):
        actor = world.actor(login)
        with world.unit(login), pytest.raises((ForbiddenError, NotFoundError)):
            service.file_of(actor, queries.get_submission(submission_id, actor.organisation_ids), "xlsx")


def test_papers_that_cannot_be_filled_say_which_cell_and_can_be_tried_again(counted_house: World) -> None:
    world, haupt, owner = counted_house, counted_house.actor("haupt"), counted_house.organisations[CARRIER]
    form_id = uploaded(world, "haupt")
    counted(world)
    frozen(world)
    with world.unit("haupt", write=True):
        form = queries.get_form(form_id, [owner])
        table = service.export_slots(form) + b"Auswertung;B8;KON;;;\r\n"
        service.import_slots(haupt, form, table, revision=form.slots_rev)
    submission_id = uuid4()

    def order() -> None:
        service.order_papers(haupt, owner, YEAR, submission_id=submission_id, comments={})

    job = run(world, "haupt", order)  # type: ignore[arg-type]
    assert (job.state, "In B8 rechnet eine Formel" in job.message) == (JobState.FAILED, True)
    with world.unit("haupt", write=True):
        made = queries.get_submission(submission_id, [owner])
        assert made.state == "ordered"
        with pytest.raises(NotFoundError):
            service.file_of(haupt, made, "pdf")
        assert service.try_again(haupt, made) is not None


def test_answers_are_rows_of_the_file(world: World) -> None:
    # The file's erasure takes them along by the database: `client_id` cascades.
    (key,) = [key for key in KeyfigureAnswer.__table__.foreign_keys if key.column.table.name == "client"]
    assert key.ondelete == "CASCADE"


def test_a_year_that_still_runs_is_counted_and_not_frozen(house: World) -> None:
    today = clock.today()
    assert counted(house, year=today.year).number("PER") == 0
    with house.unit("haupt", write=True):
        running = queries.find_count(house.organisations[CARRIER], today.year)
        assert running is not None
        with pytest.raises(RuleError, match="noch nicht zu Ende"):
            service.freeze(house.actor("haupt"), running, box_rev=running.box_rev, comments={})
