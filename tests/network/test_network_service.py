"""The directory on a real database: shared by all carriers, notes are not, one dwelling is let once."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from caseapp import clock
from caseapp.audit.models import AuditEvent
from caseapp.errors import ConflictError, ForbiddenError, NotFoundError, RuleError
from caseapp.network import queries, service
from caseapp.network.models import ContactPerson, PartnerNote, PartnerProfile, RentTableText, VolunteerProfile
from caseapp.network.rules import resolve
from tests.factories.network import (
    NEUKIRCH,
    TETTNANG,
    carrier_of,
    new_dwelling,
    new_limits,
    stored_dwelling,
    stored_limits,
    stored_partner,
)
from tests.factories.world import World

Counted = Callable[..., Any]


def test_all_carriers_see_a_partner_and_find_it_in_any_spelling(world: World) -> None:
    person = ContactPerson(name="Jürgen Weiß", phone="+4975421")
    made = stored_partner(world, "Wohnbau Überlingen", "VER", place="Überlingen", people=(person,))
    stored_partner(world, "Schule", "SCH")
    for login in ("maier", "fremd", "koord"):
        with world.unit(login):
            for text in ("uberlingen", "Ueberlingen wohnbau", "weiss", "juergen"):
                assert [line.id for line in queries.list_partners(text=text)] == [made], (login, text)
            assert [line.id for line in queries.list_partners(kind="VER")] == [made]
            choices = queries.partner_choices(("VER",))
            assert choices == {"Vermieter/Wohnungsbau": {str(made): "Wohnbau Überlingen (Überlingen)"}}


def test_who_may_not_edit_the_directory_is_refused(world: World) -> None:
    made = stored_partner(world)
    for login in ("dsb", "admin", "foerder"):
        with world.unit(login, write=True), pytest.raises(ForbiddenError):
            service.strike_partner(world.actor(login), queries.get_partner(made))
    with world.unit("koord", write=True):
        service.strike_partner(world.actor("koord"), queries.get_partner(made))
        assert queries.list_partners() == []
        assert [line.id for line in queries.list_partners(active=False)] == [made]


def test_a_change_against_an_old_version_is_refused_and_a_new_one_confirms(world: World) -> None:
    made = stored_partner(world)
    other = world.organisations["Fremdstadt"]
    with world.unit("fremd", write=True):
        partner = queries.get_partner(made)
        old = partner.version
        profile = PartnerProfile(name="Jobcenter Neu")
        service.change_partner(world.actor("fremd"), partner, "JC", profile, carrier_id=other, version=old)
        assert (partner.confirmed_on, partner.confirmed_by_id) == (clock.today(), other)
        with pytest.raises(ConflictError):
            service.change_partner(world.actor("fremd"), partner, "JC", profile, carrier_id=other, version=old)


def test_what_belongs_to_volunteers_goes_with_the_kind(world: World) -> None:
    made = stored_partner(world, "Ute Helfer", "EHR", volunteer=VolunteerProfile(skills=("DEU",), areas=(TETTNANG,)))
    with world.unit("maier", write=True):
        partner = queries.get_partner(made)
        assert partner.volunteer == VolunteerProfile(skills=("DEU",), areas=(TETTNANG,))
        carrier_id = carrier_of(world, "maier")
        service.change_partner(
            world.actor("maier"), partner, "VEI", partner.profile, carrier_id=carrier_id, version=partner.version
        )
        assert partner.volunteer is None


def test_notes_are_seen_by_their_own_carrier_only(world: World) -> None:
    made = stored_partner(world)
    with world.unit("maier", write=True):
        partner = queries.get_partner(made)
        note = service.add_note(world.actor("maier"), partner, "Ruft nie zurück", carrier_id=carrier_of(world, "maier"))
    with world.unit("koord"):
        assert [each.text.text for each in queries.list_notes(made)] == ["Ruft nie zurück"]
    with world.unit("fremd", write=True) as unit:
        assert queries.list_notes(made) == []
        assert unit.get(PartnerNote, note.id) is None
        with pytest.raises(NotFoundError):
            queries.get_note(note.id)
        with pytest.raises(ForbiddenError):
            service.add_note(world.actor("fremd"), queries.get_partner(made), "x", carrier_id=note.organisation_id)
    with world.unit("oez", write=True):
        service.strike_note(world.actor("oez"), queries.get_note(note.id))
        assert queries.list_notes(made) == []
        service.restore_note(world.actor("oez"), queries.get_note(note.id))
        assert len(queries.list_notes(made)) == 1


def test_two_entries_become_one_and_can_be_separated_again(world: World) -> None:
    kept_id = stored_partner(world, "Baugenossenschaft", "VER", phone="+49754211")
    old_id = stored_partner(world, "BauGen eG", "VER", phone="+49754211", street="Weg 1", place="Tettnang")
    dwelling_id = stored_dwelling(world, landlord_id=old_id)
    with world.unit("fremd", write=True):
        old = queries.get_partner(old_id)
        service.add_note(world.actor("fremd"), old, "Nur West", carrier_id=carrier_of(world, "fremd"))
    with world.unit("maier", write=True):
        assert [{each.first.id, each.second.id} for each in queries.list_doubles()] == [{kept_id, old_id}]
        kept, old = queries.get_partner(kept_id), queries.get_partner(old_id)
        profile = PartnerProfile(name="Baugenossenschaft eG", street="Weg 1", place="Tettnang")
        service.merge_partners(world.actor("maier"), kept, old, "VER", profile, versions=(kept.version, old.version))
    with world.unit("fremd", write=True):
        assert queries.get_partner(old_id).id == kept_id
        assert queries.names_of([old_id, kept_id, uuid4()]) == dict.fromkeys((old_id, kept_id), "Baugenossenschaft eG")
        assert queries.same_as(kept_id) == {old_id, kept_id}
        assert [line.dwelling.id for line in queries.list_dwellings(landlord_id=kept_id)] == [dwelling_id]
        assert [each.text.text for each in queries.list_notes(kept_id)] == ["Nur West"]
        assert [line.id for line in queries.list_partners()] == [kept_id]
        merge = queries.find_merge(old_id)
        assert merge is not None
        assert service.separate_partners(world.actor("fremd"), merge)
        assert queries.get_partner(kept_id).profile.name == "Baugenossenschaft"
        assert queries.get_partner(old_id).profile.address == "Weg 1, Tettnang"
        with pytest.raises(RuleError, match="schon wieder getrennt"):
            service.separate_partners(world.actor("fremd"), merge)


def test_a_kept_entry_that_was_changed_since_stays_as_it_is(world: World) -> None:
    ids = [stored_partner(world, name) for name in ("Eins", "Zwei")]
    carrier_id = carrier_of(world, "maier")
    with world.unit("maier", write=True):
        actor, (kept, old) = world.actor("maier"), [queries.get_partner(each) for each in ids]
        versions = kept.version, old.version
        service.merge_partners(actor, kept, old, "JC", kept.profile, versions=versions)
        later = PartnerProfile(name="Eins neu")
        service.change_partner(actor, kept, "JC", later, carrier_id=carrier_id, version=kept.version)
        merge = queries.find_merge(old.id)
        assert merge is not None
        assert not service.separate_partners(actor, merge)
        assert kept.profile.name == "Eins neu"
        with pytest.raises(ConflictError):
            service.merge_partners(actor, kept, old, "JC", kept.profile, versions=versions)
        with pytest.raises(RuleError):
            service.merge_partners(actor, kept, kept, "JC", kept.profile, versions=(kept.version, kept.version))


def test_a_dwelling_is_let_once_whoever_comes_first(world: World) -> None:
    made = stored_dwelling(world)
    with world.unit("fremd", write=True):
        dwelling = queries.get_dwelling(made)
        service.let_dwelling(world.actor("fremd"), dwelling, carrier_id=carrier_of(world, "fremd"))
    with world.unit("maier", write=True):
        dwelling = queries.get_dwelling(made)
        with pytest.raises(RuleError, match="inzwischen vermietet"):
            service.let_dwelling(world.actor("maier"), dwelling, carrier_id=carrier_of(world, "maier"))
        assert queries.list_dwellings() == []
        assert dwelling.held_by_id == carrier_of(world, "fremd")
        service.move_dwelling(world.actor("maier"), dwelling, "offered", carrier_id=carrier_of(world, "maier"))
        assert dwelling.held_by_id is None


def test_a_form_that_is_sent_twice_adds_one_dwelling(world: World) -> None:
    form_id = uuid4()
    with world.unit("maier", write=True):
        for _ in range(2):
            service.add_dwelling(world.actor("maier"), new_dwelling(), dwelling_id=form_id)
        assert len(queries.list_dwellings()) == 1
        with pytest.raises(RuleError):
            service.add_dwelling(world.actor("maier"), new_dwelling(rent_cold_cents=0))


def test_limits_hold_for_their_time_and_a_town_counts_more_than_its_district(world: World) -> None:
    stored_limits(world, valid_from=dt.date(2025, 1, 1), valid_to=dt.date(2025, 12, 31))
    stored_limits(world, text=RentTableText(label="Kreis", ags=("08435",), source="Kreis"), further=5_000)
    with world.unit("maier"):
        in_2025, in_2026 = dt.date(2025, 12, 31), dt.date(2026, 1, 1)
        town, district = queries.rent_limit(2, TETTNANG, in_2025), queries.rent_limit(7, TETTNANG, in_2026)
        assert (town and town.cents, town and town.label) == (60_000, "Tettnang")
        assert (district and district.cents, district and district.source) == (100_000, "Kreis")
        assert queries.rent_limit(1, "08111000", in_2026) is None
        assert queries.rent_limits(1, (TETTNANG, NEUKIRCH, ""), in_2025).keys() == {TETTNANG}


def test_limits_never_overlap_for_one_place(world: World) -> None:
    first = stored_limits(world)
    with world.unit("leitung", write=True):
        actor = world.actor("leitung")
        with pytest.raises(RuleError, match="schon Grenzen"):
            service.add_rent_table(actor, new_limits(valid_from=dt.date(2027, 1, 1)))
        service.strike_rent_table(actor, queries.get_rent_table(first))
        service.add_rent_table(actor, new_limits(valid_from=dt.date(2027, 1, 1)))
        with pytest.raises(RuleError, match="schon Grenzen"):
            service.restore_rent_table(actor, queries.get_rent_table(first))
    with world.unit("maier", write=True), pytest.raises(ForbiddenError):
        service.add_rent_table(world.actor("maier"), new_limits())


def test_the_log_holds_ids_only(world: World) -> None:
    made = stored_partner(world, "Geheimer Verein", "VEI")
    with world.unscoped() as unit:
        events = unit.scalars(select(AuditEvent).where(AuditEvent.action == "partner:add")).all()
        assert len(events) == 1
        assert b"Geheim" not in (events[0].detail or b"")
    assert resolve(made, {}) == made


def test_lists_take_the_same_number_of_statements_whatever_the_rows(world: World, count_statements: Counted) -> None:
    def counted() -> list[int]:
        numbers = []
        for read in (queries.list_partners, queries.list_doubles, queries.list_dwellings):
            with world.unit("maier"), count_statements() as seen:
                read()
            numbers.append(int(seen))
        return numbers

    landlord = stored_partner(world, "Immo", "VER")
    stored_dwelling(world, landlord_id=landlord)
    before = counted()
    for number in range(4):
        stored_dwelling(world, landlord_id=stored_partner(world, f"Immo {number}", "VER"))
    assert counted() == before == [1, 1, 3]
