"""What sealing and opening cost beside AES-256-GCM itself."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench.rounds import medians
from bench.table import Line, against_floor
from caseapp.clients.models import Client, ClientHead
from caseapp.db import new_id
from caseapp.sealed import SHORT, open_column
from caseapp.sealed.records import encode
from caseapp.security.vault import Key, Place

_TEXT = b"x" * 50
_ROWS = 100


def measure() -> list[Line]:
    """Single values, and the heads of a list."""
    raw, key = AESGCM(os.urandom(32)), Key(os.urandom(32))
    place, nonce, bound = Place("client", "head", new_id(), 1), os.urandom(12), os.urandom(60)
    sealed, encrypted = key.seal(_TEXT, place, block=SHORT), raw.encrypt(nonce, _TEXT, bound)
    found = medians(
        {
            "raw seal": lambda: raw.encrypt(nonce, _TEXT, bound),
            "seal": lambda: key.seal(_TEXT, place, block=SHORT),
            "raw open": lambda: raw.decrypt(nonce, encrypted, bound),
            "open": lambda: key.open(sealed, place),
        },
        rounds=21,
        times=2_000,
    )
    return [
        against_floor("seal 50 bytes", found["seal"], found["raw seal"], "AES-GCM"),
        against_floor("open 50 bytes", found["open"], found["raw open"], "AES-GCM"),
        _heads(),
    ]


def _heads() -> Line:
    """A hundred heads under a key each, as a list opens them, against decrypting as many bytes."""
    head = ClientHead(family_name="Rahimi", given_names="Zahra", language="prs", keys=("rahimi zahra|rhm.srh",))
    ids = [new_id() for _row in range(_ROWS)]
    keys = {client_id: Key(os.urandom(32)) for client_id in ids}
    rows = []
    for client_id in ids:
        sealed = keys[client_id].seal(encode(head), Client.head.place("client", client_id, 1), block=SHORT)
        rows.append((client_id, client_id, 1, sealed))
    plain = [(AESGCM(os.urandom(32)), os.urandom(12), len(row[3])) for row in rows]
    encrypted = [(aead, nonce, aead.encrypt(nonce, b"x" * size, None)) for aead, nonce, size in plain]
    found = medians(
        {
            "raw": lambda: [aead.decrypt(nonce, text, None) for aead, nonce, text in encrypted],
            "heads": lambda: open_column(Client.head, "client", rows, keys),
        },
        times=20,
    )
    return against_floor(f"open {_ROWS} heads into records", found["heads"], found["raw"], "AES-GCM")
