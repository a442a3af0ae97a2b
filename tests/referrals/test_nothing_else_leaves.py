"""No letter ever contains a datum outside its release: random choices, a file full of canaries, the text of the PDF."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from caseapp import clock
from caseapp.clients.models import (
    BenefitFact,
    Birth,
    ClientBody,
    FactBox,
    FactKind,
    LanguageFact,
    StayFact,
    TitleFact,
    WorkFact,
)
from caseapp.clients.models.records import Agency, SafeContact
from caseapp.clients.queries import get_client
from caseapp.clients.service import add_fact
from caseapp.errors import RuleError
from caseapp.goals.service import NewGoal, add_goal
from caseapp.referrals import service
from caseapp.referrals.queries import VOLUNTEER
from caseapp.referrals.queries.sources import FileSources
from caseapp.referrals.rules.states import Way
from caseapp.referrals.rules.telling import TYPED
from tests.factories.files import head, stored_file
from tests.factories.network import stored_partner
from tests.factories.world import World
from tests.referrals.making import advice_centre, printed, proposed, released, send

# What stands in the file and is no datum of any release.
NEVER = ("Kanarnotiz", "Kanarsicher", "Kanarzeichen", "Kanarbemerkung", "Kanararbeitgeber", "Kanaramt")
FROM_FILE = ("TER", "NAM", "GEB", "TEL", "MAI", "ANS", "SPR", "FAM", "STA", "TIT", "WOH", "ARB", "DEU", "LEI", "ZIE")
CODES = sorted((*FROM_FILE, *TYPED))


@pytest.fixture
def aviary(world: World) -> tuple[UUID, UUID]:
    """A file in which every datum is a canary, and a partner."""
    person = head(
        "Kanarname", "Kalina", birth=Birth(day=dt.date(1991, 3, 27)), language="ti", phones=("+497115550199",)
    )
    body = ClientBody(
        nationalities=("224",),
        email="kanari@example.org",
        remarks="Kanarbemerkung",
        safe_contact=SafeContact(note="Kanarsicher"),
        agencies=(Agency(office="Kanaramt", reference="Kanarzeichen"),),
    )
    client_id = stored_file(world, head=person, body=body)
    began = clock.today() - dt.timedelta(days=90)
    facts = (
        (FactKind.TITLE, TitleFact(code="P25_3")),
        (FactKind.STAY, StayFact(form="AUS", street="Kanarstraße 7", place="Kanarort")),
        (FactKind.WORK, WorkFact(kind="MJ", employer="Kanararbeitgeber")),
        (FactKind.BENEFIT, BenefitFact(kind="WOG", office="Kanaramt")),
        (FactKind.LANGUAGE, LanguageFact(level="B1")),
    )
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        for kind, fact in facts:
            add_fact(actor, client, kind, FactBox(fact=fact), began)
        add_goal(actor, client, NewGoal(area="WOH", own_words="Kanareigen", wording="Kanarziel"))
    return client_id, advice_centre(world)


def holds(world: World, client_id: UUID) -> dict[str, str]:
    """What each datum of the file says, as a letter would print it."""
    with world.unit("maier"):
        sources = FileSources(get_client(client_id), clock.today()).all()
        said = {code: source() for code, source in sources.items()}
    return said | {code: f"Kanarwort{code}" for code in TYPED}


def told_in(text: str, said: dict[str, str]) -> set[str]:
    """The data whose words stand in the text."""
    return {code for code, words in said.items() if words and words in text}


def test_every_datum_of_the_file_says_something_of_its_own(world: World, aviary: tuple[UUID, UUID]) -> None:
    said = holds(world, aviary[0])
    assert sorted(said) == CODES
    assert all(said.values()), {code for code, words in said.items() if not words}
    assert len(set(said.values())) == len(said)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(allowed=st.sets(st.sampled_from(CODES), min_size=4), data=st.data())
def test_a_letter_holds_the_chosen_data_and_the_release_all_of_them(
    world: World, aviary: tuple[UUID, UUID], allowed: set[str], data: st.DataObject
) -> None:
    client_id, partner_id = aviary[0], advice_centre(world)  # no release of an example before counts here
    wanted = data.draw(st.sets(st.sampled_from(sorted(allowed)), min_size=1)) | data.draw(
        st.sets(st.sampled_from(CODES), max_size=1)
    )
    said = holds(world, client_id)
    released(world, client_id, partner_id, fields=tuple(sorted(allowed)), purpose="BER")
    typed = {code: said[code] for code in TYPED if code in wanted}
    given_ = {"fields": tuple(wanted), "typed": typed, "text": "", "purpose": "BER", "note": "Kanarnotiz"}
    referral_id = proposed(world, client_id, partner_id, **given_)
    if wanted - allowed:
        with pytest.raises(service.UncoveredError):
            send(world, referral_id)
        return
    done = send(world, referral_id)
    assert done.paper is not None
    text = printed(world, done.paper.id)
    assert told_in(text, said) == wanted
    assert not [word for word in (*NEVER, "Kanareigen") if word in text]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.sets(st.sampled_from(CODES), min_size=1))
def test_a_letter_in_the_clients_hand_holds_exactly_what_was_chosen(
    world: World, aviary: tuple[UUID, UUID], wanted: set[str]
) -> None:
    client_id, partner_id = aviary
    said = holds(world, client_id)
    typed = {code: said[code] for code in TYPED if code in wanted}
    done = send(
        world,
        proposed(
            world, client_id, partner_id, way=Way.CARRIED, fields=tuple(wanted), typed=typed, text="", note="Kanarnotiz"
        ),
    )
    assert done.paper is not None
    text = printed(world, done.paper.id)
    assert told_in(text, said) == wanted
    assert not [word for word in NEVER if word in text]


def test_a_volunteer_learns_task_first_name_language_and_meeting_point_only(
    world: World, aviary: tuple[UUID, UUID]
) -> None:
    client_id, _partner = aviary
    volunteer = stored_partner(world, "Gerda Gern", "EHR", street="Weg 1", place="Tettnang")
    released(world, client_id, volunteer, fields=("NAM", "SPR", "ANL", "TEL", "ANS"), purpose="EHR")
    done = send(
        world,
        proposed(
            world,
            client_id,
            volunteer,
            fields=("NAM", "SPR"),
            text="Zum Amt begleiten",
            purpose="EHR",
            kind=VOLUNTEER,
            meeting_point="Rathaus",
        ),
    )
    assert done.paper is not None
    text = printed(world, done.paper.id)
    for word in ("Zum Amt begleiten", "Kalina", "Tigrinya", "Rathaus"):
        assert word in text
    said = holds(world, client_id)
    assert told_in(text, said) <= {"SPR"}
    assert "Kanarname" not in text
    with world.unit("maier"):
        assert get_client(client_id).file_number not in text
    with pytest.raises(RuleError, match="nur Aufgabe"):
        proposed(world, client_id, volunteer, fields=("NAM", "TEL"), purpose="EHR", kind=VOLUNTEER)


def test_a_changed_file_changes_what_would_be_told_not_what_was_told(world: World, aviary: tuple[UUID, UUID]) -> None:
    client_id, partner_id = aviary
    released(world, client_id, partner_id, fields=("NAM", "ANL"), purpose="BER")
    given_ = {"fields": ("NAM",), "text": "Termin", "purpose": "BER"}
    done = send(world, proposed(world, client_id, partner_id, **given_))
    with world.unit("maier", write=True):
        client = get_client(client_id)
        client.head = msgspec.structs.replace(client.head, family_name="Neuname")
    assert done.paper is not None
    text = printed(world, done.paper.id)
    assert "Kanarname" in text
    assert "Neuname" not in text
