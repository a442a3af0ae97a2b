"""Papers: ordered in a unit, printed by the job process, sealed with the file, opened by those who may read it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, inspect, select

from caseapp.audit import AuditEvent
from caseapp.clients.queries import get_client
from caseapp.errors import ForbiddenError, NotFoundError, RuleError
from caseapp.jobs import Job, JobState
from caseapp.papers import jobs as paper_jobs
from caseapp.papers import queries
from caseapp.papers.models import Paper
from caseapp.papers.service import PRINT_JOB, Order, order_paper
from caseapp.security.permissions import Permission
from tests.factories.browser import Browser, bare
from tests.factories.files import stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
KIND, NAME = "probe", "Probe.pdf"
PARTS = ("", "/stand", "/pdf")


class Press:
    """A printer that notes what it was asked for, and refuses when it is told to."""

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.refusal: Exception | None = None

    def __call__(self, order: Order) -> bytes:
        self.orders.append(order)
        if self.refusal:
            raise self.refusal
        return b"%PDF-1.7 for " + order.client.head.full_name.encode()


@pytest.fixture
def press(world: World) -> Press:
    """It prints the papers of the kind `probe`."""
    made = Press()
    world.services.queue.register(PRINT_JOB, paper_jobs.handlers({KIND: made})[PRINT_JOB])
    return made


@pytest.fixture
def client_id(world: World) -> UUID:
    return stored_file(world)


def ordered(world: World, client_id: UUID, login: str = "maier", subject_id: UUID | None = None) -> tuple[UUID, UUID]:
    """Paper and job, committed; the job process has not seen it yet."""
    with world.unit(login, write=True):
        client = get_client(client_id)
        about = subject_id or client_id
        paper, job = order_paper(
            world.actor(login), client, KIND, about, file_name=NAME, permission=Permission.CLIENT_EDIT
        )
        return paper.id, job.id


def printed(world: World, client_id: UUID) -> UUID:
    """A paper whose job was done."""
    paper_id, job_id = ordered(world, client_id)
    world.services.queue.put(job_id, world.users["maier"])
    return paper_id


def test_an_ordered_paper_is_awaited_on_its_page(world: World, browse: Browse, press: Press, client_id: UUID) -> None:
    paper_id, _job = ordered(world, client_id)
    browser = browse("maier")
    page = browser.get(f"/papiere/{paper_id}")
    assert page.status_code == 200
    assert "Das PDF wird geschrieben" in page.text
    assert f'data-progress="/papiere/{paper_id}/stand"' in page.text
    assert 'http-equiv="refresh"' in page.text, "without a script the page asks again by itself"
    assert browser.get(f"/papiere/{paper_id}/stand").json["finished"] is False  # type: ignore[index]
    assert browser.get(f"/papiere/{paper_id}/pdf").status_code == 404
    assert press.orders == []


def test_the_job_prints_for_whoever_ordered_and_the_page_opens_the_paper(
    world: World, browse: Browse, press: Press, client_id: UUID
) -> None:
    subject_id = uuid4()
    paper_id, job_id = ordered(world, client_id, subject_id=subject_id)
    world.services.queue.put(job_id, world.users["maier"])
    [order] = press.orders
    assert (order.actor.user_id, order.client.id, order.subject_id) == (world.users["maier"], client_id, subject_id)
    browser = browse("maier")
    page = browser.get(f"/papiere/{paper_id}")
    assert "Das PDF ist fertig." in page.text
    assert 'http-equiv="refresh"' not in page.text
    assert browser.get(f"/papiere/{paper_id}/stand").json["finished"] is True  # type: ignore[index]
    answer = browser.get(f"/papiere/{paper_id}/pdf")
    assert answer.data == b"%PDF-1.7 for Rahimi, Zahra"
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"] == f"inline; filename={NAME}"
    with world.unit("maier"):
        assert queries.get_paper(paper_id).content.sha256 == hashlib.sha256(answer.data).hexdigest()


def test_the_printed_paper_leads_on_within_this_application_only(
    world: World, browse: Browse, press: Press, client_id: UUID
) -> None:
    paper_id = printed(world, client_id)
    browser = browse("maier")
    onward = browser.get(f"/papiere/{paper_id}?weiter=/klienten/{client_id}/angaben")
    assert onward.headers["Location"] == f"/klienten/{client_id}/angaben"
    for elsewhere in ("https://example.org/", "//example.org/", "javascript:alert(1)"):
        answer = browser.get(f"/papiere/{paper_id}", query_string={"weiter": elsewhere})
        assert "example.org" not in answer.headers["Location"]
        assert "javascript" not in answer.headers["Location"]


def test_opening_a_paper_is_a_read_event_of_its_client_and_waiting_for_it_is_none(
    world: World, browse: Browse, press: Press, client_id: UUID
) -> None:
    paper_id = printed(world, client_id)
    browser = browse("maier")
    for part in PARTS:
        browser.get(f"/papiere/{paper_id}{part}")
    with world.unscoped() as unit:
        events = unit.scalars(
            select(AuditEvent.action)
            .where(AuditEvent.client_id == client_id, AuditEvent.action.startswith("paper:"))
            .order_by(AuditEvent.at)
        ).all()
    assert events == ["paper:order", "paper:open"]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (RuleError("Unterschreiben Sie zuerst die Vereinbarung."), "Unterschreiben Sie zuerst die Vereinbarung."),
        (NotFoundError(), "Die Verarbeitung ist abgebrochen."),
        (ValueError("Rahimi, Zahra passt nicht aufs Blatt"), "Die Verarbeitung ist abgebrochen."),
    ],
    ids=["a rule", "something that is gone", "a fault"],
)
def test_a_printer_that_refuses_says_why_on_the_page_and_stores_nothing(
    world: World, browse: Browse, press: Press, client_id: UUID, refusal: Exception, said: str
) -> None:
    press.refusal = refusal
    paper_id = printed(world, client_id)
    browser = browse("maier")
    page = browser.get(f"/papiere/{paper_id}")
    assert page.status_code == 200
    assert "Das PDF konnte nicht geschrieben werden" in page.text
    assert said in page.text
    assert "passt nicht" not in page.text
    assert 'http-equiv="refresh"' not in page.text
    assert "data-progress" not in page.text
    assert browser.get(f"/papiere/{paper_id}/stand").json["finished"] is True  # type: ignore[index]
    assert browser.get(f"/papiere/{paper_id}/pdf").status_code == 404
    with world.unit("maier"):
        paper = queries.get_paper(paper_id)
        assert not paper.printed
        assert paper.content.pdf == b""


def test_a_paper_whose_job_is_gone_is_not_awaited_forever(
    world: World, browse: Browse, press: Press, client_id: UUID
) -> None:
    paper_id, _job = ordered(world, client_id)
    with world.unscoped(write=True) as unit:
        unit.execute(delete(Job))
    page = browse("maier").get(f"/papiere/{paper_id}")
    assert "Bestellen Sie es noch einmal." in page.text
    assert "data-progress" not in page.text
    assert browse("maier").get(f"/papiere/{paper_id}/stand").json["finished"] is True  # type: ignore[index]


@pytest.mark.parametrize("login", ["fremd", "fremdleitung", "sued", "oez"])
def test_a_paper_of_a_foreign_file_answers_as_a_missing_one(
    world: World, browse: Browse, press: Press, client_id: UUID, login: str
) -> None:
    """Of another carrier, of another team, and of a colleague, who may find the file and not read it."""
    paper_id, browser, missing = printed(world, client_id), browse(login), uuid4()
    for part in PARTS:
        foreign = browser.get(f"/papiere/{paper_id}{part}")
        assert foreign.status_code == 404, part
        assert bare(foreign) == bare(browser.get(f"/papiere/{missing}{part}"))


def test_who_reads_no_files_is_refused_at_the_door(world: World, browse: Browse, press: Press, client_id: UUID) -> None:
    paper_id = printed(world, client_id)
    for login in ("admin", "dsb", "koord", "foerder"):
        for part in PARTS:
            assert browse(login).get(f"/papiere/{paper_id}{part}").status_code == 403, (login, part)
    assert browse("leitung").get(f"/papiere/{paper_id}/pdf").status_code == 200, "the lead with the mark reads the file"


@pytest.mark.parametrize("login", ["oez", "leitung"])
def test_who_may_not_do_what_the_paper_rests_on_orders_none(
    world: World, press: Press, client_id: UUID, login: str
) -> None:
    with pytest.raises(ForbiddenError):
        ordered(world, client_id, login)
    with world.unscoped() as unit:
        assert unit.scalars(select(Paper.id)).all() == []
        assert unit.scalars(select(Job.id)).all() == []


def test_a_paper_that_is_printed_again_stays_what_it_is(
    world: World, browse: Browse, press: Press, client_id: UUID
) -> None:
    """A job that comes twice, and another job for the same paper: one print, one text."""
    paper_id, job_id = ordered(world, client_id)
    for _again in range(2):
        world.services.queue.put(job_id, world.users["maier"])
    first = browse("maier").get(f"/papiere/{paper_id}/pdf").data
    with world.unit("maier", write=True) as unit:
        unit.get_one(Job, job_id).state = JobState.WAITING
    world.services.queue.put(job_id, world.users["maier"])
    assert len(press.orders) == 1
    assert browse("maier").get(f"/papiere/{paper_id}/pdf").data == first
    with world.unit("maier") as unit:
        assert unit.get_one(Job, job_id).state == JobState.DONE


def test_nothing_of_a_person_stands_beside_the_sealed_paper(world: World, press: Press, client_id: UUID) -> None:
    paper_id = printed(world, client_id)
    with world.unscoped() as unit:
        paper, job = unit.get_one(Paper, paper_id), unit.scalars(select(Job).order_by(Job.id)).one()
        plain = [text_of(paper), text_of(job)]
        assert paper.content.pdf.endswith(b"Rahimi, Zahra")
        assert paper.file_name == NAME
    for text in plain:
        for told in ("Rahimi", "Zahra", "%PDF"):
            assert told not in text


def text_of(row: Any) -> str:
    """All that the row's columns hold, as the database stores it."""
    held = {each.key: getattr(row, each.key) for each in inspect(type(row)).column_attrs}
    return repr(held)


def test_papers_are_listed_the_latest_first_without_their_content(
    world: World, press: Press, client_id: UUID, count_statements: Callable[[], Any]
) -> None:
    subject_id = uuid4()
    first, second = (ordered(world, client_id, subject_id=subject_id)[0] for _each in range(2))
    other, _job = ordered(world, client_id, subject_id=uuid4())
    with world.unit("maier"):
        with count_statements() as count:
            found = queries.list_papers(KIND, [subject_id])
            assert queries.list_papers(KIND, []) == ()
        assert [paper.id for paper in found] == [second, first]
        assert int(count) == 1
        assert all("content_blob" in inspect(paper).unloaded for paper in found)
        assert queries.list_papers("another kind", [subject_id]) == []
        assert other not in {paper.id for paper in found}
