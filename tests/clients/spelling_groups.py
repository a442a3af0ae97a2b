"""The groups of spellings in ``spellings.txt``, and how many pairs of them meet."""

from itertools import combinations
from pathlib import Path

from caseapp.clients.rules.names import name_keys

Groups = dict[str, list[list[str]]]


def read_groups(*, held_out: bool) -> Groups:
    """Return the groups by section, either those of development or those held out."""
    sections: Groups = {}
    marks: dict[str, str] = {}
    for line in Path(__file__).with_name("spellings.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            name, _, mark = line.strip("[]").partition(" ")
            groups = sections.setdefault(name, [])
            marks[name] = mark
        elif line and not line.startswith("#"):
            groups.append([word.replace("_", " ") for word in line.split()])
    chosen = {name: _part(groups, marks[name], held_out=held_out) for name, groups in sections.items()}
    return {name: groups for name, groups in chosen.items() if groups}


def _part(groups: list[list[str]], mark: str, *, held_out: bool) -> list[list[str]]:
    if mark:
        return groups if (mark == "-") == held_out else []
    return groups[1::2] if held_out else groups[::2]


def recall(groups: list[list[str]]) -> tuple[int, int]:
    """Return how many pairs of spellings of one name share a key, and how many pairs there are."""
    met = pairs = 0
    for group in groups:
        for one, other in combinations(group, 2):
            pairs += 1
            met += not name_keys(one).isdisjoint(name_keys(other))
    return met, pairs
