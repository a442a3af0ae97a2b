"""The signed list of a release's files: what proves a PDF, which carries no package, and any other file byte for byte.

It is made on demand from what is kept of each file. Ed25519 signs the same text always alike, so there is one list.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from caseapp.i18n import gettext as _
from caseapp.reporting.rules.package import digest_of
from caseapp.reporting.rules.signed import FileError
from caseapp.security.signing import is_signed

FORMAT = "caseapp report files 1"
LARGEST = 100_000  # bytes
_SIGNED = b"caseapp report files 1\n"


@dataclass(frozen=True)
class FileList:
    """Number and digest of a release, the SHA-256 of each file by name, and whose key signed that."""

    number: str
    digest: str
    files: Mapping[str, str]
    public_key: str


def write(number: str, digest: str, files: Mapping[str, str], public_key: str, sign: Callable[[bytes], bytes]) -> bytes:
    """The list as JSON. `sign` signs with the key of the release."""
    body = {"format": FORMAT, "number": number, "digest": digest, "files": dict(files), "public_key": public_key}
    return json.dumps(
        {**body, "signature": sign(_payload(body)).hex()}, sort_keys=True, indent=2, ensure_ascii=True
    ).encode("ascii")


def read(content: bytes) -> FileList:
    """The list, if its signature fits. FileError otherwise."""
    try:
        found = json.loads(content[: LARGEST + 1])
        signature = bytes.fromhex(found.pop("signature"))
        if found["format"] == FORMAT and is_signed(_payload(found), signature, bytes.fromhex(found["public_key"])):
            files = {str(name): str(digest) for name, digest in found["files"].items()}
            return FileList(str(found["number"]), str(found["digest"]), files, str(found["public_key"]))
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
        raise FileError(_("Das ist keine Liste der Dateien eines Berichts.")) from error
    raise FileError(_("Die Liste der Dateien ist verändert: Ihre Unterschrift passt nicht."))


def _payload(body: Mapping[str, object]) -> bytes:
    canonical = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")
    return _SIGNED + digest_of(canonical).encode("ascii")
