"""What was typed stands in no file of the cluster: tables, indexes, write-ahead log, the server's own log."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from caseapp.clients.models import Client
from tests.attacks.targets import open_range
from tests.attacks.test_at_rest import CANARY, shots, traces
from tests.factories.postgres import Cluster
from tests.factories.world import World


@pytest.mark.long
def test_what_was_typed_stands_in_no_file_of_the_cluster(world: World, postgres_cluster: Cluster) -> None:
    shooting = open_range(world)
    for _name, login, address, data in shots(shooting):
        if address.partition("?")[0] not in {"/abmelden", "/konto/kennwort"}:
            shooting.browser(login).post(address, data)
    with world.unscoped() as unit:
        assert CANARY in {client.head.family_name for client in unit.scalars(select(Client).order_by(Client.id))}
    plain = "Offenkundigqxv"
    postgres_cluster.execute(f"CREATE TABLE seen AS SELECT '{plain}'::text AS word; CHECKPOINT", "postgres")
    read, told, found_plain = 0, {}, False
    for path in postgres_cluster.folder.rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            read += len(raw)
            found_plain |= plain.encode() in raw
            if traces(raw):
                told[path.relative_to(postgres_cluster.folder).as_posix()] = traces(raw)
    assert found_plain, "the files that are looked through are those that the server writes"
    assert read > 10_000_000
    assert told == {}
