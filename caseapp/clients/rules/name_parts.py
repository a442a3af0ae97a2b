"""Parts of names that are left out, or joined with the word beside them; all in folded form."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


UNBEARING = _set(
    "al el ul as es ash ad ed an en ar er at et az ez il "
    "bin ibn bint binti ben ould wuld von van der den de da do dos del della la le du zu zum i y e und"
)
"""Articles and small words: they carry no name where there is another word."""

SERVANTS = _set("abd abdal abdel abdol abdul abdoul abdur abder abdus abdes ebdul ebd")
"""Joined with the next word: Abd al-Rahman."""

SECOND_HALVES = _set(
    "din deen dine eddin eddine uddin udin aldin aldyn addin "  # of the faith: Nur ad-Din
    "allah allh ullah ollah ulla olla alla"  # of God: Rahmat Allah
)
"""Joined with the word before."""

FIRST_HALVES = _set(
    "abu abou ebu abo bou bu oum umm um ait ben gebre ghebre gabre kibre wolde welde haile hayle tekle habte tesfa "
    "fikre amde kidane zere ali gholam ghulam golam gul gol mir sher shir nur noor nour "
    "mohammad mohammed muhammad mohamed"
)
"""Written with the next word or apart from it: such a pair gets the keys of both and of the whole."""
