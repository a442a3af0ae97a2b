"""How much one import may hold. Generous for the list of an office, small for a machine."""

from __future__ import annotations

import msgspec

MEGABYTE = 1 << 20


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Upper bounds; a file above one of them is refused as a whole."""

    file_bytes: int = 25 * MEGABYTE
    unpacked_bytes: int = 64 * MEGABYTE
    parts: int = 2_000
    sheets: int = 60
    rows: int = 50_000
    columns: int = 400
    cells: int = 2_000_000
    seconds: int = 15


LIMITS = Limits()
