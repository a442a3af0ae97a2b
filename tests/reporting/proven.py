"""Releases for tests that are really signed, by keys that tests invent."""

from __future__ import annotations

import datetime as dt
import hashlib

from caseapp.reporting.rules.package import Note, Package, Released, digest_of, freeze_package, signed_payload
from caseapp.security.signing import public_key_of, sign_with
from tests.factories.packages import package


def secret_of(name: str) -> bytes:
    """The signing secret of an invented office."""
    return hashlib.sha256(name.encode()).digest()


def proven(of: Package | None = None, *, signer: str = "Kreis", notes: tuple[Note, ...] = ()) -> Released:
    """The package, signed by this office."""
    found = of or package("08", "2026-Q3")
    digest = digest_of(freeze_package(found))
    secret = secret_of(signer)
    signature = sign_with(secret, signed_payload(digest)).hex()
    return Released(found, digest, signature, public_key_of(secret).hex(), "ab" * 32, dt.date(2026, 10, 20), notes)
