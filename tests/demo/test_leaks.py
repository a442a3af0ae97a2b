"""What a thief of the files finds: no name, phone or sentence of anybody, in any usual encoding."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from caseapp.accounts.models import User
from caseapp.clients.models import Client
from caseapp.counselling.models import Contact
from caseapp.db import scope
from caseapp.factory import Services
from caseapp.sealed import keys_of
from caseapp.tasks.models import Task
from tests.demo.conftest import MakeDemo

_SHORTEST = 6  # shorter ones may turn up in random bytes


@pytest.fixture(scope="module")
def services(make_demo: MakeDemo) -> Services:
    return make_demo(clients=60, seed=4)


def canaries(services: Services) -> set[str]:
    """Texts that a person would recognise."""
    with services.database.unit(None, write=False) as unit, scope.everything(unit):
        clients = list(unit.scalars(select(Client).order_by(Client.id)))
        keys_of(unit, [client.id for client in clients])
        heads = [client.head for client in clients]
        texts = {part for head in heads for part in (head.family_name, head.given_names, head.own_script, *head.phones)}
        texts |= {contact.detail.note for contact in unit.scalars(select(Contact).order_by(Contact.id).limit(50))}
        texts |= {task.text.title for task in unit.scalars(select(Task).order_by(Task.id).limit(50))}
        texts |= {user.profile.name for user in unit.scalars(select(User).order_by(User.id))}
    return {text for text in texts if len(text) >= _SHORTEST}


def encodings(text: str) -> Iterator[bytes]:
    for raw in (text.encode("utf-8"), text.encode("utf-16-le"), text.encode("utf-16-be")):
        yield raw
        yield raw.hex().encode()
        for shift in range(3):
            # The middle of a base64 text does not depend on what stands around it.
            yield base64.b64encode(b"\0" * shift + raw)[4:-4]


def stored_files(services: Services) -> list[Path]:
    folder = services.settings.data_dir
    return [path for path in folder.iterdir() if path.is_file()]


def test_no_name_or_sentence_stands_in_any_file_of_the_installation(services: Services) -> None:
    texts = canaries(services)
    assert len(texts) > 100
    files = stored_files(services)
    assert {path.name for path in files} >= {"caseapp.db", "keystore.db", "jobs.db"}
    for path in files:
        content = path.read_bytes()
        found = [text for text in texts if any(raw in content for raw in encodings(text) if len(raw) >= _SHORTEST)]
        assert found == [], path.name


def test_the_search_itself_would_find_a_name(tmp_path: Path) -> None:
    text = "Oleksandra Grünwald"
    for raw in (
        text.encode(),
        text.encode("utf-16-le"),
        base64.b64encode(b"x" + text.encode()),
        text.encode().hex().encode(),
    ):
        assert any(code in raw for code in encodings(text))
