"""A letter that we send, from a release as it is signed to its withdrawal."""

from __future__ import annotations

from uuid import UUID

import pytest

from caseapp.clients.queries import get_client
from caseapp.consents import service as consents
from caseapp.consents.service import Withdrawal
from caseapp.errors import RuleError
from caseapp.letters import documents, queries
from caseapp.letters.service import NewLetter, write_letter
from caseapp.papers.service import Order
from caseapp.referrals.documents import lines_of
from tests.consents.making import release, signed
from tests.factories.files import stored_file
from tests.factories.network import stored_partner
from tests.factories.world import World


def certificate(partner_id: UUID, *, way: str = "post", **values: str) -> NewLetter:
    said = {"since": "2025-02-01", "purpose": "jobcenter", **values}
    return NewLetter(template="BSC", values=said, way=way, partner_id=partner_id)


def test_what_letters_tell_stands_in_the_list_of_what_was_told(world: World) -> None:
    client_id, partner_id = stored_file(world), stored_partner(world)
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        letter = write_letter(actor, client, certificate(partner_id, way="hand"))
        [line] = lines_of(client_id)
        assert (line.on, line.recipient) == (letter.on_day, "Jobcenter Musterkreis")
        assert line.ground == "Sie haben den Brief selbst mitgenommen."
        assert {field.code for field in line.fields} == set(letter.content.tells) != set()


def test_a_withdrawal_while_a_letter_is_made_lets_nothing_leave(world: World) -> None:
    client_id = stored_file(world)
    address = {"street": "Hauptstraße 1", "postcode": "88069", "place": "Tettnang"}
    partner_id = stored_partner(world, **address)
    [release_id] = signed(
        world, client_id, release("Jobcenter", partner_id=partner_id, fields=("TER", "NAM"), purpose="LEI")
    )
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        with pytest.raises(RuleError, match="umfasst nicht: Geburtsdatum"):
            write_letter(actor, client, certificate(partner_id, born="1"))
        letter = write_letter(actor, client, certificate(partner_id))
        assert letter.content.release_ids == (release_id,)
        assert (letter.content.purpose, letter.content.tells) == ("LEI", ("TER", "NAM"))
        assert documents.letter(Order(actor, client, letter.id)).startswith(b"%PDF")
    with world.unit("maier", write=True):
        actor, client = world.actor("maier"), get_client(client_id)
        consents.withdraw(actor, client, [release_id], Withdrawal(way="PER"), ())
        with pytest.raises(RuleError, match="gilt nicht mehr"):
            documents.letter(Order(actor, client, letter.id))
        with pytest.raises(RuleError, match="keine Freigabe"):
            write_letter(actor, client, certificate(partner_id))
        assert [each.id for each in queries.list_letters(client_id)] == [letter.id]
