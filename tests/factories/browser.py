"""A browser without a screen, signed in as a person of the world."""

from __future__ import annotations

import re
import secrets
from typing import Any

from werkzeug.test import TestResponse

from caseapp import clock
from caseapp.accounts import queries
from caseapp.accounts.models import WebSession
from caseapp.accounts.views.identity import COOKIE
from tests.factories.world import World, app_of

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'(name|value)="([^"]*)"')


def session_of(world: World, login: str) -> str:
    """The content of the cookie of a new session of this person, as signing in would have given it."""
    token = secrets.token_urlsafe(32)
    with world.services.database.unit(None, write=True) as unit:
        unit.add(
            WebSession(
                token_hash=queries.token_hash(token),
                user_id=world.users[login],
                created_at=clock.now(),
                seen_at=clock.now(),
            )
        )
    return token


class Browser:
    """GET and POST as this person. A POST carries the right token unless it is given one."""

    def __init__(self, world: World, login: str) -> None:
        self.app = app_of(world)
        self.client = self.app.test_client()
        self._token = ""
        if login:
            self.client.set_cookie(COOKIE, session_of(world, login))

    def get(self, path: str, **options: Any) -> TestResponse:
        """The page at `path`."""
        return self.client.get(path, **options)

    def post(self, path: str, data: dict[str, Any] | None = None, **options: Any) -> TestResponse:
        """Post a form to `path`."""
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **options)

    def token(self) -> str:
        """This browser's token against forged forms."""
        if not self._token:
            found = _TOKEN.search(self.client.get("/anmelden").text)
            assert found is not None
            self._token = found[1]
        return self._token

    def submit(self, path: str, data: dict[str, Any], **options: Any) -> TestResponse:
        """Open the page at `path`, keep its hidden fields (form id, revisions), fill in `data` and post it back."""
        page = self.get(path)
        assert page.status_code == 200, page.status_code
        return self.post(path, {**hidden_fields(page), **data}, **options)


def hidden_fields(page: TestResponse) -> dict[str, str]:
    """Names and values of the page's hidden inputs."""
    fields: dict[str, str] = {}
    for tag in _HIDDEN.findall(page.text):
        attributes = dict(_ATTRIBUTE.findall(tag))
        if "name" in attributes:
            fields.setdefault(attributes["name"], attributes.get("value", ""))
    return fields


_CHANGING = re.compile(r'(nonce="|name="csrf_token" value="|name="csrf-token" content=")[^"]*"')


def bare(answer: TestResponse) -> tuple[int, str]:
    """Status and text without what differs in every answer: to show that two answers are the same."""
    return answer.status_code, _CHANGING.sub(r'\1"', answer.text)
