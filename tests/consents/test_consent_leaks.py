"""What is typed into sheets stays sealed, and nothing leaves the house past a withdrawal."""

from __future__ import annotations

import threading
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.audit.models import AuditEvent
from caseapp.clients.models import Client
from caseapp.clients.queries import get_client
from caseapp.consents import documents, queries, service
from caseapp.consents.rules import covering
from caseapp.consents.service import Withdrawal
from caseapp.factory import PRINTERS
from caseapp.jobs import Job
from caseapp.network.models import PartnerProfile
from caseapp.network.queries import get_partner_entry
from caseapp.network.service import add_partner, merge_partners
from caseapp.papers.models import Paper
from caseapp.security.actor import Actor
from caseapp.tasks import queries as tasks
from caseapp.tasks.service import add_task, finish_task
from tests.consents.making import release, signed
from tests.factories.browser import Browser, hidden_fields
from tests.factories.files import stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
CANARIES = {
    "rows-0-recipient": "Zilpzalpqx Praxis",
    "rows-0-person": "Zaunkoenigqx Frau",
    "rows-0-use_note": "Zeisigqx Verwendung",
    "messenger": "Zitronenstelzeqx 0171 999",
    "interpreter_name": "Zwergtaucherqx Dolmetscher",
    "client-name": "Zippammerqx Unterschrift",
    "read_aloud_by": "Ziegenmelkerqx Vorleser",
    "note": "Zwergdommelqx Widerruf",
}
WORDS = [text.split()[0] for text in CANARIES.values()]


@pytest.mark.sqlite
def test_no_word_of_a_sheet_is_found_outside_its_sealed_values(
    world: World, browse: Browse, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for kind in documents.PRINTERS:
        monkeypatch.setitem(PRINTERS, kind, lambda _order: b"%PDF-1.7 erfunden")
    client_id, maier = stored_file(world), browse("maier")
    typed = {name: CANARIES[name] for name in ("rows-0-recipient", "rows-0-person", "rows-0-use_note", "messenger")}
    chosen = {"rows-0-purpose": "GES", "rows-0-health": "y", "consents": ["MSG", "GES"]}
    page = f"/klienten/{client_id}/freigaben/neu"
    answers = [maier.submit(page, typed | chosen | {"interpreter_name": CANARIES["interpreter_name"]})]
    onward = maier.get(answers[0].location)
    assert onward.location is not None
    named = {name: CANARIES[name] for name in ("client-name", "read_aloud_by")}
    said = {"client-way": "confirmed", "signed_on": f"{clock.today():%d.%m.%Y}", **named}
    form = hidden_fields(maier.get(onward.location))
    answers.append(maier.post(f"{onward.location}/unterschreiben", form | said))
    with world.unit("maier"):
        ids = [str(view.id) for view in queries.list_views(client_id) if view.state == "valid"]
    assert len(ids) == 3
    given = {"declarations": ids, "way": "TEL", "note": CANARIES["note"]}
    answers.append(maier.submit(f"/klienten/{client_id}/widerruf", given))
    answers += [maier.post(f"/freigaben/zeile/{ids[0]}/{what}") for what in ("nachweis", "mitteilung")]
    assert [answer.status_code for answer in answers] == [302] * len(answers)
    with world.unscoped() as unit:
        plain = [f"{paper.file_name} {paper.kind}" for paper in unit.scalars(select(Paper))]
        plain += [str(vars(job)) for job in unit.scalars(select(Job))]
        plain += [f"{event.action} {event.detail}" for event in unit.scalars(select(AuditEvent))]
        assert len(plain) > 8
        papers = [paper.id for paper in unit.scalars(select(Paper))]
    heads = [str(maier.get(f"/papiere/{paper_id}/pdf").headers) for paper_id in papers]
    said_aloud = capfd.readouterr()
    shown = [*plain, *heads, *(answer.location for answer in answers), said_aloud.out, said_aloud.err]
    for word in WORDS:
        assert not any(word in text for text in shown), word
    stored = b"".join(path.read_bytes() for path in world.services.settings.data_dir.rglob("*") if path.is_file())
    for word in WORDS:
        assert word.encode() not in stored, word


def partner(world: World) -> UUID:
    with world.unit("maier", write=True):
        profile = PartnerProfile(name="Wohnbau Musterhausen", phone="+4971112345")
        return add_partner(world.actor("maier"), "VER", profile, carrier_id=world.organisations["Musterhausen"]).id


def make_letter(world: World, client_id: UUID, partner_id: UUID, waiting: Callable[[], None]) -> bool:
    """What a printer of letters does: look in its own writing unit, then write. Whether it wrote."""
    actor, today = world.actor("maier"), clock.today()
    with world.unit("maier", write=True):
        held = queries.list_valid_releases(client_id, today, partner_id=partner_id)
        fits = covering(held, partner_id=partner_id, purpose="WOH", fields=("NAM",), way="BRF", on=today)
        waiting()
        if fits:
            add_task(actor, get_client(client_id), "Der Brief", None)
    return bool(fits)


def stop_letters(actor: Actor, client: Client, _ids: frozenset[UUID]) -> int:
    """A hook: what is written and not gone is stopped."""
    letters = tasks.list_for_client(client.id)
    for letter in letters:
        finish_task(actor, client, letter)
    return len(letters)


def nothing_more() -> None:
    """The other one is not waited for."""


def at_once(world: World, client_id: UUID, letter: Callable[[], None], withdrawal: Callable[[], None]) -> None:
    """Both in their own threads; afterwards nothing is left to be sent."""
    threads = [threading.Thread(target=act) for act in (letter, withdrawal)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    with world.unit("maier"):
        assert tasks.list_for_client(client_id) == []
        assert queries.list_valid_releases(client_id, clock.today()) == []


def test_a_letter_that_is_being_made_is_stopped_by_the_withdrawal(world: World) -> None:
    client_id, partner_id = stored_file(world), partner(world)
    (declaration,) = signed(world, client_id, release("", partner_id=partner_id))
    looked, tried, written, stopped = threading.Event(), threading.Event(), list[bool](), list[int]()

    def wait_for_withdrawal() -> None:
        looked.set()
        tried.wait(10)

    def withdrawal() -> None:
        looked.wait(10)
        tried.set()  # and now waits for the writer before
        stopped.append(withdraw(world, client_id, declaration, stop_letters))

    at_once(
        world,
        client_id,
        lambda: written.append(make_letter(world, client_id, partner_id, wait_for_withdrawal)),
        withdrawal,
    )
    assert (written, stopped) == ([True], [1])


def test_a_letter_that_comes_after_the_withdrawal_is_not_made(world: World) -> None:
    client_id, partner_id = stored_file(world), partner(world)
    (declaration,) = signed(world, client_id, release("", partner_id=partner_id))
    begun, tried, written, stopped = threading.Event(), threading.Event(), list[bool](), list[int]()

    def hook(actor: Actor, client: Client, ids: frozenset[UUID]) -> int:
        begun.set()
        tried.wait(10)
        return stop_letters(actor, client, ids)

    def letter() -> None:
        begun.wait(10)
        tried.set()
        written.append(make_letter(world, client_id, partner_id, nothing_more))

    at_once(world, client_id, letter, lambda: stopped.append(withdraw(world, client_id, declaration, hook)))
    assert (written, stopped) == ([False], [0])


def withdraw(world: World, client_id: UUID, declaration_id: UUID, hook: service.WithdrawalHook) -> int:
    """How many letters it stopped."""
    with world.unit("maier", write=True):
        client = get_client(client_id)
        return service.withdraw(world.actor("maier"), client, [declaration_id], Withdrawal("TEL"), (hook,)).stopped


def test_a_release_for_a_merged_partner_covers_the_kept_one(world: World) -> None:
    kept, double = partner(world), partner(world)
    client_id = stored_file(world)
    signed(world, client_id, release("", partner_id=double))
    with world.unit("maier", write=True):
        stays, goes = get_partner_entry(kept), get_partner_entry(double)
        versions = stays.version, goes.version
        merge_partners(world.actor("maier"), stays, goes, stays.kind, stays.profile, versions=versions)
    with world.unit("maier"):
        for asked in (kept, double):
            (found,) = queries.list_valid_releases(client_id, clock.today(), partner_id=asked)
            assert found.partner_id == kept
