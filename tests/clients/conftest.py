"""Files on which pages are tried."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests.clients.zahra import BODY, FACTS
from tests.factories.files import head, stored_file
from tests.factories.world import World


@pytest.fixture
def client_id(world: World) -> UUID:
    """The file of Zahra Rahimi (`tests.clients.zahra`), of the worker maier."""
    return stored_file(world, head=head(phones=("+4915123456789",), own_script="زهرا رحیمی"), body=BODY, facts=FACTS)
