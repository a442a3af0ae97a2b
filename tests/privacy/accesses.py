"""Reading a file, and the pseudonyms under which that is shown."""

from __future__ import annotations

from uuid import UUID

from caseapp.privacy.queries import codes
from tests.factories.browser import Browser
from tests.factories.world import World

NAMES = ("Eva Maier", "Deniz Öz", "Lena Leitung", "Hanna Haupt", "Rahimi", "Zahra")


def code_of(world: World, login: str) -> str:
    with world.unit("dsb"):
        return codes.person_code(world.users[login])


def file_code_of(world: World, client_id: UUID) -> str:
    with world.unit("dsb"):
        return codes.file_code(client_id)


def read(world: World, client_id: UUID, login: str = "maier") -> None:
    assert Browser(world, login).get(f"/klienten/{client_id}").status_code == 200
