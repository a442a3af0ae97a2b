"""A process that changes the heads of some files again and again, as their worker would."""

from __future__ import annotations

import sys
from pathlib import Path
from uuid import UUID

import msgspec

from caseapp.accounts import queries as accounts
from caseapp.clients.models import Client
from caseapp.factory import open_services
from caseapp.settings import Settings


def main(folder: Path, ids: list[UUID]) -> None:
    """Write rounds until the file `stop` is there; the last whole round is what was said last."""
    services = open_services(Settings.from_env(), immediate_jobs=True)
    with services.database.unit(None, write=False):
        user = accounts.find_user_by_login("maier")
        assert user is not None
        user_id = user.id
    actor = services.load_actor(user_id)
    print("ready", flush=True)  # noqa: T201 - the test waits for it
    number = 0
    while number < 3 or not (folder / "stop").exists():
        number += 1
        for client_id in ids:
            with services.database.unit(actor, write=True) as unit:
                client = unit.get(Client, client_id)
                assert client is not None
                client.head = msgspec.structs.replace(client.head, family_name=f"Runde-{number}")
        print(number, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]), [UUID(text) for text in sys.argv[2:]])
