"""Protected files: set by one person, lifted by two; who the second can be, and what that person sees."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from caseapp import clock
from caseapp.accounts.models import Membership
from caseapp.audit import AuditEvent
from caseapp.clients import queries, service
from caseapp.clients.models import Client, ClientGrant, GrantReason
from caseapp.errors import ForbiddenError, RuleError
from tests.factories.browser import Browser, bare
from tests.factories.files import head, stored_file
from tests.factories.world import World

Browse = Callable[[str], Browser]
REASON = "Die Auskunftssperre ist abgelaufen"


@pytest.fixture
def client_id(world: World) -> UUID:
    """A protected file of Maier."""
    made = stored_file(world, "maier", head=head("Rahimi", "Amal"))
    with world.unit("maier", write=True):
        service.protect(world.actor("maier"), queries.get_client(made))
    return made


def ask(browser: Browser, client_id: UUID, second: UUID, **changed: str) -> int:
    data = {"reason": REASON, "second": str(second), "form_id": str(uuid4()), **changed}
    return browser.post(f"/klienten/{client_id}/schutz", data).status_code


def decide(browser: Browser, client_id: UUID, how: str = "bestaetigen") -> int:
    """Press the button of the page as it stands."""
    page = browser.get(f"/klienten/{client_id}/schutz").text
    found = re.search(r'name="lift" value="([^"]+)"', page)
    return browser.post(f"/klienten/{client_id}/schutz/{how}", {"lift": found[1]} if found else {}).status_code


def is_protected(world: World, client_id: UUID) -> bool:
    with world.unscoped() as unit:
        client = unit.get(Client, client_id)
        assert client is not None
        return client.protected


def actions(world: World, client_id: UUID) -> list[tuple[str, UUID | None]]:
    with world.unscoped() as unit:
        events = unit.query(AuditEvent).filter(AuditEvent.client_id == client_id).order_by(AuditEvent.at).all()
        wanted = ("client:protect", "client:unprotect", "client:lift")
        return [(event.action, event.actor_id) for event in events if event.action.startswith(wanted)]


def name_for_the_file(world: World, client_id: UUID, login: str) -> None:
    """Enter this person as one who works with the protected file."""
    with world.unscoped(write=True) as unit:
        unit.add(
            ClientGrant(
                client_id=client_id,
                organisation_id=world.organisations["Musterhausen"],
                user_id=world.users[login],
                kind="protection",
                from_at=clock.now() - dt.timedelta(days=1),
                reason=GrantReason(text="benannt"),
            )
        )


def test_a_lead_who_is_asked_confirms_and_the_team_finds_the_file_again(
    browse: Browse, world: World, client_id: UUID
) -> None:
    assert browse("oez").get(f"/klienten/{client_id}").status_code == 404
    assert ask(browse("maier"), client_id, world.users["leitung"]) == 302
    assert is_protected(world, client_id), "one person is not enough"
    assert browse("oez").get(f"/klienten/{client_id}").status_code == 404
    assert decide(browse("leitung"), client_id) == 302
    assert not is_protected(world, client_id)
    assert browse("oez").get(f"/klienten/{client_id}").status_code == 200
    maier, lead = world.users["maier"], world.users["leitung"]
    expected = [("client:protect", maier), ("client:lift_request", maier), ("client:unprotect", lead)]
    assert actions(world, client_id) == expected


def test_whoever_asks_does_not_confirm(browse: Browse, world: World, client_id: UUID) -> None:
    worker = browse("maier")
    ask(worker, client_id, world.users["leitung"])
    page = worker.get(f"/klienten/{client_id}/schutz").text
    assert "Schutz aufheben" not in page.partition("<main")[2].replace("Schutz aufheben beantragen", "")
    with world.unit("maier"):
        lift = queries.find_lift(client_id)
    assert lift is not None
    for how in ("bestaetigen", "ablehnen"):
        worker.post(f"/klienten/{client_id}/schutz/{how}", {"lift": str(lift.id)})
        assert is_protected(world, client_id)
        assert "Aufhebung beantragt" in worker.get(f"/klienten/{client_id}").text


def test_the_request_is_seen_on_the_file_the_day_and_the_board(browse: Browse, world: World, client_id: UUID) -> None:
    name_for_the_file(world, client_id, "oez")
    ask(browse("oez"), client_id, world.users["leitung"])
    for login, path in (("maier", "/heute"), ("leitung", "/team"), ("maier", "/team")):
        page = browse(login).get(path).text
        assert "Ihre Zustimmung ist gefragt" in page, path
        assert REASON in page
        assert "Deniz Öz" in page
    assert "Aufhebung beantragt" in browse("maier").get(f"/klienten/{client_id}").text
    assert "Antrag ansehen" in browse("maier").get(f"/klienten/{client_id}/angaben").text
    assert "Antrag ansehen" in browse("leitung").get(f"/klienten/{client_id}").text
    for login, path in (("oez", "/heute"), ("lead2", "/team"), ("sued", "/heute"), ("fremdleitung", "/team")):
        assert "Ihre Zustimmung" not in browse(login).get(path).text, login


def test_the_asked_lead_sees_whose_file_it_is_and_opens_nothing(browse: Browse, world: World, client_id: UUID) -> None:
    lead = browse("leitung")
    paths = ("", "/angaben", "/stand", "/haushalt", "/bearbeiten", "/notizen", "/zuweisen", "/abschliessen")
    for path in paths:
        assert lead.get(f"/klienten/{client_id}{path}").status_code in {403, 404}, path
    ask(browse("maier"), client_id, world.users["leitung"])
    page = lead.get(f"/klienten/{client_id}/schutz").text
    assert "Rahimi" in page
    assert REASON in page
    assert "Übersicht" not in lead.get(f"/klienten/{client_id}").text, "the head only"
    for path in paths[1:]:
        assert lead.get(f"/klienten/{client_id}{path}").status_code == 403, path
    with world.unit("leitung"):
        actor = world.actor("leitung")
        assert (actor.granted, actor.asked) == (frozenset(), frozenset({client_id}))


@pytest.mark.parametrize("how", ["ablehnen", "zurueckziehen", "verfallen"])
def test_with_the_request_its_sight_ends(
    browse: Browse, world: World, client_id: UUID, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(browse("maier"), client_id, world.users["leitung"])
    if how == "verfallen":
        later = clock.now() + dt.timedelta(days=14, minutes=1)
        monkeypatch.setattr("caseapp.clock.now", lambda: later)
    elif how == "ablehnen":
        assert decide(browse("leitung"), client_id, how) == 302
    else:
        browse("maier").post(f"/klienten/{client_id}/schutz/{how}")
    lead = browse("leitung")
    missing = lead.get(f"/klienten/{uuid4()}/schutz")
    assert bare(lead.get(f"/klienten/{client_id}/schutz")) == bare(missing)
    assert lead.get(f"/klienten/{client_id}").status_code == 404
    assert "Rahimi" not in lead.get("/team").text
    assert is_protected(world, client_id)
    assert ask(browse("maier"), client_id, world.users["leitung"]) == 302, "it may be asked again"


def test_a_person_named_for_the_file_can_be_the_second(browse: Browse, world: World, client_id: UUID) -> None:
    name_for_the_file(world, client_id, "oez")
    with world.unit("maier"):
        people = queries.list_second_persons(queries.get_client(client_id), but=world.users["maier"])
    assert [person.name for person in people] == ["Deniz Öz", "Lena Leitung", "Ludwig Zweitlein"]
    ask(browse("oez"), client_id, world.users["leitung"])
    assert decide(browse("maier"), client_id) == 302, "the worker may, though somebody else was asked"
    assert not is_protected(world, client_id)


def test_without_a_second_person_the_page_says_what_to_do(browse: Browse, world: World, client_id: UUID) -> None:
    with world.unscoped(write=True) as unit:
        for duty in unit.query(Membership).filter(Membership.role == "lead").all():
            duty.valid_to = clock.today() - dt.timedelta(days=1)
    page = browse("maier").get(f"/klienten/{client_id}/schutz").text
    assert "Es gibt keine zweite Person" in page
    assert ask(browse("maier"), client_id, world.users["leitung"]) == 422


@pytest.mark.parametrize("login", ["sued", "oez", "admin", "fremdleitung", "maier"])
def test_only_named_people_and_leads_of_the_team_can_be_asked(
    browse: Browse, world: World, client_id: UUID, login: str
) -> None:
    assert ask(browse("maier"), client_id, world.users[login]) == 422
    with world.unscoped() as unit:
        assert unit.query(ClientGrant).count() == 0


@pytest.mark.parametrize("login", ["oez", "sued", "lead2", "leitung", "admin", "dsb", "koord", "fremdleitung"])
@pytest.mark.parametrize("path", ["", "/bestaetigen", "/ablehnen", "/zurueckziehen"])
def test_nobody_else_touches_the_protection(
    browse: Browse, world: World, client_id: UUID, login: str, path: str
) -> None:
    if login != "lead2":
        ask(browse("maier"), client_id, world.users["lead2"])
    assert browse(login).post(f"/klienten/{client_id}/schutz{path}").status_code in {403, 404}
    assert is_protected(world, client_id)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"reason": " "}, "in einem Satz"),
        ({"reason": "x" * 501}, "zu lang"),
        ({"second": ""}, "Wählen Sie die zweite Person"),
    ],
)
def test_a_reason_and_a_second_person_are_needed(
    browse: Browse, world: World, client_id: UUID, changed: dict[str, str], message: str
) -> None:
    data = {"reason": REASON, "second": str(world.users["leitung"]), "form_id": str(uuid4()), **changed}
    answer = browse("maier").post(f"/klienten/{client_id}/schutz", data)
    assert answer.status_code == 422
    assert message in answer.text


def test_a_double_click_asks_once_and_a_second_request_is_refused(
    browse: Browse, world: World, client_id: UUID
) -> None:
    name_for_the_file(world, client_id, "oez")
    form_id = str(uuid4())
    for _click in range(2):
        assert ask(browse("maier"), client_id, world.users["leitung"], form_id=form_id) == 302
    assert ask(browse("oez"), client_id, world.users["leitung"]) == 422
    with world.unscoped() as unit:
        assert unit.query(ClientGrant).filter(ClientGrant.kind == "lift").count() == 1


def test_a_request_that_was_replaced_is_not_confirmed_unseen(browse: Browse, world: World, client_id: UUID) -> None:
    lead, worker = browse("leitung"), browse("maier")
    ask(worker, client_id, world.users["leitung"])
    old = re.search(r'name="lift" value="([^"]+)"', lead.get(f"/klienten/{client_id}/schutz").text)
    assert old is not None
    worker.post(f"/klienten/{client_id}/schutz/zurueckziehen")
    ask(worker, client_id, world.users["leitung"], reason="Etwas ganz anderes")
    for seen in (old[1], "", "kein Schlüssel"):
        lead.post(f"/klienten/{client_id}/schutz/bestaetigen", {"lift": seen})
        assert is_protected(world, client_id)
    assert decide(lead, client_id) == 302
    assert not is_protected(world, client_id)


def test_lifting_is_taken_back_by_protecting_again(browse: Browse, world: World, client_id: UUID) -> None:
    ask(browse("maier"), client_id, world.users["leitung"])
    lead = browse("leitung")
    decide(lead, client_id)
    assert f'action="/klienten/{client_id}/schuetzen"' in lead.get(f"/klienten/{client_id}").text
    answer = lead.post(f"/klienten/{client_id}/schuetzen")
    assert answer.headers["Location"] == "/klienten", "the lead does not see the file any more"
    assert is_protected(world, client_id)


def test_the_words_of_the_reason_are_sealed(world: World, client_id: UUID, browse: Browse) -> None:
    ask(browse("maier"), client_id, world.users["leitung"])
    with world.unscoped() as unit:
        [grant] = unit.query(ClientGrant).all()
        assert grant.reason.text == REASON
        assert REASON.encode() not in grant.reason_blob
    data = world.services.settings.data_dir
    stored = b"".join(path.read_bytes() for path in data.iterdir() if path.is_file())
    assert b"Auskunftssperre ist" not in stored


def test_the_service_refuses_by_itself(world: World, client_id: UUID) -> None:
    with world.unit("maier", write=True):
        maier, client = world.actor("maier"), queries.get_client(client_id)
        lift_id = uuid4()
        service.ask_to_lift(maier, client, second_id=world.users["leitung"], reason=REASON, lift_id=lift_id)
        with pytest.raises(RuleError, match="zwei Personen"):
            service.confirm_lift(maier, client, lift_id)
        stranger = replace(world.actor("leitung"), user_id=uuid4(), asked=frozenset())
        for refused in (service.confirm_lift, service.decline_lift):
            with pytest.raises(ForbiddenError):
                refused(stranger, client, lift_id)
        with pytest.raises(ForbiddenError):
            service.withdraw_lift(stranger, client)
    with world.unit("leitung", write=True):
        lead = world.actor("leitung")
        with pytest.raises(RuleError, match="Zurückziehen"):
            service.withdraw_lift(lead, queries.get_client(client_id))


def test_an_open_file_has_no_page_of_its_protection(browse: Browse, world: World) -> None:
    open_file = stored_file(world, "maier")
    assert browse("maier").get(f"/klienten/{open_file}/schutz").status_code == 302
    assert ask(browse("maier"), open_file, world.users["leitung"]) == 302
    with world.unscoped() as unit:
        assert unit.query(ClientGrant).count() == 0
