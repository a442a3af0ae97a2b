"""Lines follow their records, in the transaction that writes the record."""

from caseapp.clients.queries import get_client
from caseapp.tallies import keys, queries
from tests.factories.files import stored_file
from tests.factories.world import World


def test_a_new_file_has_a_line(world: World) -> None:
    client_id = stored_file(world)
    with world.unscoped():
        course = queries.courses_of([client_id])[client_id]
        assert course.person is not None
        assert course.person.sex == "W"
        assert course.key == keys.record_key(client_id)
        assert [each.key for each in queries.courses()] == [course.key]
    with world.unit("maier", write=True):
        get_client(client_id).ags = "08115003"
    with world.unscoped():
        changed = queries.courses()[0].person
        assert changed is not None
        assert changed.ags == "08115003"
