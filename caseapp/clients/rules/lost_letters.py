"""Compare names in which an earlier export destroyed letters ("Ay?e") with whole ones."""

from caseapp.clients.rules.names import LOST

_FEWEST_KNOWN = 2
_MOST_LETTERS_LOST = 3
"""One destroyed letter may be written with up to so many (ş -> sch)."""


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
    if known < _FEWEST_KNOWN or known * 3 < len(other):
        return False
    return len(one) in _ends(one, other)


def _ends(whole: str, damaged: str) -> set[int]:
    """Return how many letters of the whole word the damaged one may stand for, all possibilities at once."""
    ends = {0}
    for letter in damaged:
        if letter == LOST:
            ends = {end + more for end in ends for more in range(_MOST_LETTERS_LOST + 1) if end + more <= len(whole)}
        else:
            ends = {end + 1 for end in ends if whole[end : end + 1] == letter}
    return ends
