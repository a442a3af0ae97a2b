"""Addresses behind the https proxy: told apart there, and never believed without one."""

from __future__ import annotations

import dataclasses

import pytest
from flask import Flask, request

from caseapp.factory import create_app
from tests.factories.world import World


def seen_address(app: Flask) -> str | None:
    """What the application takes for the address of a request that names another one."""
    found: list[str | None] = []
    app.before_request_funcs.setdefault(None, []).append(lambda: found.append(request.remote_addr))
    app.test_client().get("/anmelden", headers={"X-Forwarded-For": "198.51.100.7"})
    return found[0]


@pytest.mark.parametrize(
    ("public_url", "expected"),
    [("https://integration.example.de", "198.51.100.7"), ("http://127.0.0.1:8000", "127.0.0.1")],
    ids=["behind the proxy", "without one"],
)
def test_the_forwarded_address_counts_only_behind_the_proxy(world: World, public_url: str, expected: str) -> None:
    settings = dataclasses.replace(world.services.settings, public_url=public_url)
    services = dataclasses.replace(world.services, settings=settings)
    assert seen_address(create_app(services=services)) == expected
