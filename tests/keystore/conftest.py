"""Files whose keys are changed."""

from __future__ import annotations

from uuid import UUID

import pytest

from caseapp import audit
from caseapp.audit import Detail
from tests.factories.bare import bare_file
from tests.factories.world import World


@pytest.fixture
def files(world: World) -> list[UUID]:
    """Three files of Musterhausen, each with an event in the log whose detail is sealed under its key."""
    with world.unscoped(write=True):
        ids = [bare_file(world, family_name=name).id for name in ("Rahimi", "Karimi", "Amiri")]
        for client_id in ids:
            audit.record("test:event", client_id=client_id, detail=Detail(note="vermerkt"))
    return ids
