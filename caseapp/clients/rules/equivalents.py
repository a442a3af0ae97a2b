"""Names that one person carries in two languages and that no reading of letters brings together.

Ukrainian papers say Mykola where the Russian ones said Nikolai; a Momodou is
Modou to his friends. Each line is one name in folded form; a spelling that
the sound keys find anyway need not stand here.
"""

import re

_LINES = """
mykola nikolai nikolaj nikolay nikola nicolai nikolaus
dmytro dmitro dmitri dmitry dmitrij dmitrii dmitriy dimitri
mykyta nikita
hanna ganna anna
vasyl vasily vasilij vasilii vasiliy wassili wassily wassyl wasyl
kostiantyn kostjantyn konstantin konstantyn kostyantyn
petro petr pyotr pjotr piotr
yosyp josyp yosif josif iosif iosyp
fedir fyodor fedor fjodor
heorhii georgi georgij georgy georgii
olena elena yelena jelena helena
oleksandra alexandra aleksandra oleksandr alexander aleksandr sasha sascha
yevheniia evgenia evgeniya jewgenija eugenia
uliana yuliana juliana
pylyp filip filipp philipp
luka lukas
mykhailo mikhail michail michael mikail mikhael
stepan stefan stephan
mamadou momodou modou mamadu mahamadou muhammadou
ibrahima ebrima ibraima
ramadan ramazan ramzan ramadhan ramasan
reza rida riza rida ridha redha resa
yahya jahja yaya yahia
zakaria zekeriya zechariah sakaria zakariya
ishaq ishak isaac isaak isak
yusuf joseph josef youssef yosef
sulaiman salomon solomon
fatoumata fatou fatoumatta fatumata
uthman ousmane osman
abubakar bubacarr boubacar ebubekir
ismail smail ismaila
hawa eva awa havva
"""


def _levelled(folded: str) -> str:
    """Return the form without the differences between transcriptions: y, j, i and double i are one."""
    return re.sub("[yji]+", "i", folded)


_FAMILY = {_levelled(name): line.split()[0] for line in _LINES.split("\n") for name in line.split()}


def family_key(folded: str) -> str | None:
    """Return the key that a folded name shares with its forms in other languages, or None."""
    first = _FAMILY.get(_levelled(folded))
    return f"={first}" if first else None
