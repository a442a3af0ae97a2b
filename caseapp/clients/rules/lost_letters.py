"""Compare names in which an earlier export destroyed letters ("Ay?e") with whole ones."""

import re

from caseapp.clients.rules.names import LOST

_FEWEST_KNOWN = 2
# One lost letter may be written with up to three (ş -> sch).
_LOST_LETTERS = ".{0,3}"


def could_be(one: str, other: str) -> bool:
    """Return whether two folded words may be the same name, one of them with lost letters.

    At least two letters and a third of the word must have survived: "?????" says
    nothing and could be nobody.
    """
    if LOST in one:
        one, other = other, one
    if LOST not in other or LOST in one:
        return False
    known = len(other) - other.count(LOST)
    if known < _FEWEST_KNOWN or known * 3 < len(other) or one[:1] != other[:1] != LOST:
        return False
    pattern = _LOST_LETTERS.join(re.escape(part) for part in other.split(LOST))
    return re.fullmatch(pattern, one) is not None
