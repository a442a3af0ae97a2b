"""The CSV form of a release as one archive. The same release gives the same bytes."""

from __future__ import annotations

import io
import zipfile

from caseapp.reporting.rules.bundle import members
from caseapp.reporting.rules.package import Released

_WHEN = (1980, 1, 1, 0, 0, 0)  # the format wants a time; a real one would make every copy differ
_READABLE = 0o644 << 16


def make(released: Released) -> bytes:
    """Manifest, signed package, tables and their limits (`rules.bundle`), packed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members(released).items():
            entry = zipfile.ZipInfo(name, _WHEN)
            entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_DEFLATED, _READABLE, 3
            archive.writestr(entry, content)
    return target.getvalue()
