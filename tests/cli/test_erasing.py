"""`caseapp erase`: the same two people and the same steps at the console."""

from __future__ import annotations

from caseapp.accounts import service as accounts
from caseapp.accounts.models import UserProfile
from caseapp.clients.models import Client
from caseapp.security.actor import Role
from tests.architecture.test_roles import changed_file
from tests.cli.conftest import Run
from tests.factories.files import stored_file
from tests.factories.world import PASSWORD, World
from tests.privacy.making import decided, rows_of


def with_head(world: World) -> World:
    """The world with somebody who leads the whole carrier."""
    with world.services.database.unit(None, write=True):
        user, _password = accounts.add_user(UserProfile(login="haupt", name="Hanna Haupt"), PASSWORD)
        user.must_change_password = False
        accounts.grant_at_setup(
            user,
            accounts.DutyRequest(organisation_id=world.organisations["Musterhausen"], role=Role.LEAD, team_id=None),
        )
        world.users["haupt"] = user.id
    return world


def order(world: World, client_id: object, requester: str, head: str) -> tuple[str, ...]:
    with world.unscoped() as unit:
        number = unit.get_one(Client, client_id).file_number
    return ("erase", number, "--org", "Musterhausen", "--as", requester, "--confirmed-by", head)


def test_two_people_erase_a_file(world: World, run: Run) -> None:
    client_id = stored_file(with_head(world), "maier")
    status, said = run(*order(world, client_id, "maier", "haupt"))
    assert status == 0, said
    assert "Löschprotokoll" in said
    assert rows_of(world, client_id) == {}
    assert client_id in world.services.keystore.erasures.ids()


def test_a_protected_file_is_erased_by_its_worker_and_the_head(world: World, run: Run) -> None:
    client_id = changed_file(with_head(world), "maier", {"protected": True})
    assert run(*order(world, client_id, "maier", "haupt"))[0] == 0
    assert rows_of(world, client_id) == {}


def test_nobody_erases_alone_without_right_or_in_a_foreign_file(world: World, run: Run) -> None:
    client_id, foreign = stored_file(with_head(world), "maier"), stored_file(world, "fremd")
    for requester, head in (("haupt", "haupt"), ("maier", "leitung"), ("oez", "haupt"), ("admin", "haupt")):
        status, said = run(*order(world, client_id, requester, head))
        assert status != 0, said
        assert "Traceback" not in said
    named = [each.replace("Musterhausen", "Fremdstadt") for each in order(world, foreign, "maier", "haupt")]
    assert run(*named)[0] != 0
    assert rows_of(world, client_id)["client"] == 1
    assert rows_of(world, foreign)["client"] == 1
    assert run("erase", "2026-00001")[0] != 0


def test_an_interrupted_erasure_is_finished(world: World, run: Run) -> None:
    client_id = stored_file(with_head(world), "maier")
    decided(world, client_id)
    assert run("erase", "--unfinished") == (0, "Zu Ende geführt: 1\n")
    assert rows_of(world, client_id) == {}
    assert run("erase", "--unfinished") == (0, "Zu Ende geführt: 0\n")
