"""Client files for tests of the ground floor, made straight from the tables."""

from __future__ import annotations

import datetime as dt
from typing import Any

from caseapp import clock
from caseapp.clients.models import Caseload, Client, ClientBody, ClientHead
from caseapp.db import session
from tests.factories.world import World


def bare_file(world: World, worker: str | None = "maier", *, family_name: str = "Rahimi", **columns: Any) -> Client:
    """A client of this worker (None: unassigned in team Nord), with its caseload row, in the running unit."""
    fremd = worker in {"fremd", "fremdleitung"}
    organisation_id = world.organisations["Fremdstadt" if fremd else "Musterhausen"]
    team = "West" if fremd else "Süd" if worker == "sued" else "Nord"
    values = {
        "organisation_id": organisation_id,
        "team_id": world.teams[team],
        "worker_id": world.users[worker] if worker else None,
        "file_number": f"T-{clock.now().timestamp()}",
        "opened_on": dt.date(2026, 1, 7),
        "created_at": clock.now(),
        "head": ClientHead(family_name=family_name, given_names="Zahra"),
        "body": ClientBody(),
    }
    client = Client(**{**values, **columns})
    session().add(client)
    session().flush()
    session().add(
        Caseload(
            client_id=client.id,
            organisation_id=organisation_id,
            team_id=client.team_id,
            worker_id=client.worker_id,
            open=client.closed_on is None,
        )
    )
    session().flush()
    return client
