"""Declarations go with the file, the signatures on them too."""

from tests.consents.making import consent, mandate, release, signed
from tests.factories.files import stored_file
from tests.factories.world import World
from tests.privacy.conftest import house
from tests.privacy.making import erased, rows_of

__all__ = ["house"]  # a fixture


def test_no_declaration_is_left_of_an_erased_file(house: World) -> None:
    client_id, other = stored_file(house), stored_file(house)
    signed(house, client_id, release(), consent(), mandate())
    signed(house, other, release())
    assert rows_of(house, client_id)["declaration"] == 3
    erased(house, client_id)
    assert rows_of(house, client_id) == {}
    assert rows_of(house, other)["declaration_content"] == 1
