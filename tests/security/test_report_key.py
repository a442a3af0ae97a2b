"""The key that signs reports: in the ring, made once, kept by whoever keeps the ring."""

from pathlib import Path

import msgspec

from caseapp.security.keyring import Keyring
from caseapp.security.private_files import write_private
from caseapp.security.signing import is_signed, public_key_of, sign_with


def _without_report_key(folder: Path) -> None:
    content = msgspec.json.decode((folder / "ring.json").read_bytes())
    del content["named"]["report"]
    write_private(folder / "ring.json", msgspec.json.encode(content))


def test_a_ring_of_an_older_version_gets_the_key_at_its_first_use_and_keeps_it(tmp_path: Path) -> None:
    Keyring.create(tmp_path)
    _without_report_key(tmp_path)
    first, second = Keyring.load(tmp_path), Keyring.load(tmp_path)

    made = first.secret_or_new("report")

    assert second.secret_or_new("report") == made  # another process, which read the ring before
    assert Keyring.load(tmp_path).secret("report") == made
    assert len(made) == 32


def test_the_key_stays_when_the_root_changes(tmp_path: Path) -> None:
    ring = Keyring.create(tmp_path)
    before = ring.secret_or_new("report")
    ring.change_root()
    assert Keyring.load(tmp_path).secret_or_new("report") == before


def test_a_signature_fits_its_payload_and_public_key_only(tmp_path: Path) -> None:
    secret = Keyring.create(tmp_path).secret_or_new("report")
    signature = sign_with(secret, b"digest")
    assert is_signed(b"digest", signature, public_key_of(secret))
    assert not is_signed(b"Digest", signature, public_key_of(secret))
    assert not is_signed(b"digest", signature, public_key_of(bytes(32)))
