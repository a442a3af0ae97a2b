"""What a file is called in the file of a client, and how big it is in words. Pure."""

from __future__ import annotations

import re
import unicodedata

from caseapp.attachments.rules.kinds import MEGABYTE, Kind
from caseapp.errors import RuleError
from caseapp.i18n import gettext as _

LONGEST = 120
# Control characters, and those that turn the direction of writing: "Rechnung\u202efdp.exe" reads as a PDF.
_TRICKS = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
_NOT_IN_NAMES = re.compile(r'[<>:"/\\|?*]+')


def name_of(sent: str, kind: Kind) -> str:
    """The name under which a file is kept: its last part, printable, with an ending that fits the content."""
    last = sent.replace("\\", "/").rpartition("/")[2]
    plain = "".join(" " if unicodedata.category(each) in _TRICKS else each for each in last)
    cleaned = " ".join(_NOT_IN_NAMES.sub(" ", unicodedata.normalize("NFC", plain)).split()).strip(". ")
    stem, ending = _split(cleaned, kind)
    return (stem[: LONGEST - len(ending)].rstrip(". ") or _("Datei")) + ending


def changed_name(typed: str, kind: Kind) -> str:
    """A name that a person typed. Raises RuleError on `name` when nothing is left of it."""
    if not typed.strip(". "):
        raise RuleError(_("Geben Sie der Datei einen Namen."), field="name")
    return name_of(typed, kind)


def size_text(size: int) -> str:
    """`340 KB`, `2,4 MB`."""
    if size < MEGABYTE:
        return f"{max(1, round(size / 1024))} KB"
    return f"{size / MEGABYTE:.1f} MB".replace(".", ",")


def _split(name: str, kind: Kind) -> tuple[str, str]:
    folded = name.casefold()
    for ending in kind.endings:
        if folded.endswith(ending):
            return name[: -len(ending)], name[-len(ending) :]
    return name, kind.endings[0]
