"""Consonant skeletons: one word in any spelling to a few short sound keys.

A word is read letter group by letter group into a string of sound codes. Where
a spelling leaves a doubt ("ch" is h in Chalid, tsch in Chernenko, sch in
Chérif, k in Chidane) the code is a capital from ``DOUBTS`` and every reading
becomes a key: two words sound alike when they share one key. Vowels inside are
dropped, except in words so short that the skeleton alone would say nothing.
"""

import itertools
import re

from caseapp.clients.rules.scripts import SOUNDS, bare, is_arabic

KEYS_PER_WORD = 8
"""The most keys one word gets; the likely readings come first."""

_LONGEST_WORD = 40
_LONGEST_KEY = 10
_SHORT_READING = 5
_SHORT = 3
_MOST_DOUBTS = 6

# Code -> the readings it may have, the likely one first.
DOUBTS: dict[str, tuple[str, ...]] = {
    "X": ("h", "k"),  # kh
    "H": ("", "h"),  # h at the end: Fatimah, but Saleh
    "Q": ("h", "C", "S", "k"),  # ch: Chalid, Chernenko, Chérif, Chidane
    "Z": ("S", "j"),  # sch: Raschid, Schadan
    "G": ("k", "h", "j"),  # g: Grigorij and Hryhorii, Egyptian Gamal
    "T": ("t", "s"),  # th: Othman and Osman
    "R": ("d", "s"),  # dh: Dhia and Zia
    "D": ("di", "j"),  # di + vowel: Diallo and Jallow
    "P": ("ti", "C"),  # thi + vowel: Thierno and Cherno
    "J": ("j", "y"),  # j at the start: Jamal, Jusuf
    "I": ("i", "j"),  # j inside: Julija, Khadija
    "F": ("ye", "e", "je"),  # je at the start: Jewhen, Jerome
    "E": ("ye", "e"),  # ye at the start: Yevhen and Evgen
    "W": ("v", "u"),  # w inside: Dawud and Daoud
    "B": ("s", "j", "C"),  # c before e, i: Cécile, Cemal, Celik
    "K": ("k", "j", "C"),  # c at the start: Camara, Cavit, Cakir
    "A": ("", "k", "j", "C"),  # c where Somali writes an ayn: Cabdi, Cumar, Sacdiyo
    "O": ("", "s", "k"),  # c beside a long vowel: Somali Caasha, but Ceesay, Isaac
    "L": ("C", "k", "s", ""),  # c at the end: Savic, Isaac, Kravec, Somali Jaamac
    "N": ("h", "ks"),  # x: Xasan, Oxana
    "U": ("s", "S"),
    "M": ("n", "m"),  # n at the end where Somali says it for m: Maryan, Ibraahin, Aadan
    "Y": ("k", "sk"),  # -cki, -cky: Becky, Chmelnicky
    "Ǆ": ("ds", "j"),  # dz: Ahmadzai, Redzepi
    "5": ("a", "at"),  # Arabic ta marbuta
    "6": ("i", "a"),  # Arabic alif maqsura, in Egypt also a final ya
    "Ş": ("S", "s"),  # ş, š: the mark is often left out, as are the next two
    "Ž": ("j", "s"),
    "Đ": ("j", "d"),
}

# Latin letter groups in order of precedence; "^" and "$" see the whole word.
_GROUPS = (
    ("schtsch|stsch|shch|chtch|szcz|šč", "S"),
    ("dsch|dzh|dsh|dž|dj|xh|gj", "j"),
    ("tsch|tch|tsh|cz|č|ç|ć", "C"),
    ("sch", "Z"),
    ("sh|ś", "S"),
    ("[şșš]", "Ş"),
    ("(?<=[uı])zh(?=an)", "sh"),
    ("zh|ż", "j"),
    ("ž", "Ž"),
    ("đ", "Đ"),
    ("kh", "X"),
    ("ck(?=[iy])", "Y"),
    ("gh|ck|qu|q", "k"),
    ("ph", "f"),
    ("bh", "b"),
    ("^th?i(?=[aeou])", "P"),
    ("di(?=[aeouy])", "D"),
    ("th|þ", "T"),
    ("dh|ð", "R"),
    ("dz", "Ǆ"),
    ("ts|tz", "s"),
    ("ch", "Q"),
    ("^ye|^ie", "E"),
    ("^je", "F"),
    ("^[еє]", "E"),
    ("^ї", "yi"),
    ("^y(?=[aiouı])|^i(?=[aou])", "y"),
    ("^j", "J"),
    ("j$|y", "i"),
    ("j", "I"),
    ("^ou(?=[aei])", "v"),
    ("ou(?=[aei])", "W"),
    ("ou|oo", "u"),
    ("^[vw]", "v"),
    ("w|v(?=[oubcdfgklmnprstz])", "W"),
    ("x", "N"),
    ("(?:(?<=[iy]a)|(?<=hi)|(?<=hii)|(?<=da)|(?<=daa))n$", "M"),
    ("(?<=^ole)h$", "h"),
    ("h$", "H"),
    ("ğ|g", "G"),
    ("c(?=aa|ee|ii|oo|uu)|(?<=aa|ee|ii|oo|uu)c", "O"),
    ("c(?=[eiy])", "B"),
    ("c$", "L"),
    ("^c(?=a[blrw]|u[ms])|(?<=[aeiou])c(?=[bdfglmnr])", "A"),
    ("c", "K"),
    ("p", "b"),
    ("sz?", "U"),
    ("[zß]", "s"),
    ("œ|ə", "e"),
    ("æ", "a"),
    ("ı", "i"),
    ("ø", "o"),
    ("ł", "l"),
)
_GROUP = re.compile(
    "|".join([*(f"({pattern})" for pattern, _ in _GROUPS), *(letters for letters in SOUNDS if len(letters) > 1), "."]),
)
_KEPT_MARKS = set("šžżčçćşșśğñıøłđðþßæœə")
# Names whose last ya, as Persian writes it, is an a: Mustafa, Mojtaba, Morteza, Isa, Musa, Yahya, Leila, Huda ...
_ENDS_IN_ALIF = re.compile("(?:مصطف|مجتب|مرتض|ع[یي]س|موس|[یي]ح[یي]|ل[یي]ل|هد|سلم|بشر|لبن|من|سلو|نجو)[یي]$")
_DOUBLE = re.compile(r"([b-df-hj-np-tv-z])\1+")
_RUN = re.compile(r"(.)\1+")
_START_OF_VOWELS = re.compile("^[aeiou]+")
_VOWELS = re.compile("[aeiou]")
_LAST_VOWELS = re.compile("([aeiou]+)([^aeiou]*)$")
_BEFORE_SILENT_E = re.compile("([aeiou])[^aeiou]+e$")
_DROPS_VOWEL = re.compile("A(?!bt)[^aiouI]{4}")
_INNER_ARTICLE = re.compile("(?<=^Abt)l(?=..)|(?<=..)l(?=tn$)")  # Abd-ul-Rahman, Salah-al-Din


def keys(word: str) -> tuple[str, ...]:
    """Return the sound keys of one casefolded word, the likely ones first, at most ``KEYS_PER_WORD``.

    A word without any letter that can be read (a number, a script without a
    table) is its own only key, so that it is found when written the same.
    """
    codes = _codes(word[:_LONGEST_WORD])
    arabic = is_arabic(word)
    found: dict[str, None] = {}
    spare: dict[str, None] = {}
    for reading in _readings(codes):
        for key in _skeletons(reading, vowels_written=not arabic):
            found[key[:_LONGEST_KEY]] = None
            if _DROPS_VOWEL.match(key):
                spare[key[1 : _LONGEST_KEY + 1]] = None  # Ibrahim and Brahim, Ekaterina and Katerina
    if not found:
        return (word[:_LONGEST_KEY],) if word else ()
    room = KEYS_PER_WORD - min(len(spare), 2)
    return tuple(dict.fromkeys([*list(found)[:room], *spare]))[:KEYS_PER_WORD]


def _codes(word: str) -> str:
    letters = "".join(letter if letter in SOUNDS or letter in _KEPT_MARKS else bare(letter) for letter in word)
    letters = _DOUBLE.sub(r"\1", letters.removesuffix("off") + "ov" * letters.endswith("off"))
    codes = _GROUP.sub(_code_of, letters)
    if is_arabic(word):
        # Arabic writes a doubled letter once: two of them have a vowel between.
        return _settle(codes[:-1] + "6" if _ENDS_IN_ALIF.match(word) else codes)
    return _settle(_RUN.sub(r"\1", codes))


def _code_of(match: re.Match[str]) -> str:
    if match.lastindex is not None:
        return _GROUPS[match.lastindex - 1][1]
    letters = match.group()
    return SOUNDS.get(letters, letters if "a" <= letters <= "z" else "")


def _settle(codes: str) -> str:
    """Decide what hangs on the place in the word for the scripts read letter by letter."""
    first, rest = codes[:1], codes[1:].replace("w", "W").replace("y", "i").replace("ʿ", "")
    rest = re.sub("h$", "H", rest)
    return {"w": "v", "ʿ": "a"}.get(first, first) + rest


def _readings(codes: str) -> list[str]:
    """Return the readings of the codes, the likely ones first; equal codes are read alike.

    Of more than ``_MOST_DOUBTS`` doubts, which no name has, the rest is read the likely way.
    """
    found = [code for code in DOUBTS if code in codes]
    doubtful, settled = found[:_MOST_DOUBTS], found[_MOST_DOUBTS:]
    for code in settled:
        codes = codes.replace(code, DOUBTS[code][0])
    choices = sorted(itertools.product(*(range(len(DOUBTS[code])) for code in doubtful)), key=sum)
    readings = []
    for choice in choices[: KEYS_PER_WORD * 2]:
        reading = codes
        for code, number in zip(doubtful, choice, strict=True):
            reading = reading.replace(code, DOUBTS[code][number])
        readings.append(reading)
    return readings


def _skeletons(reading: str, *, vowels_written: bool) -> list[str]:
    """Return the skeleton of a reading with every ending that its vowels allow."""
    skeleton = _VOWELS.sub("", _START_OF_VOWELS.sub("A", reading))
    # d and t differ at the start only: Ahmed and Ahmet, Dawit and David.
    skeleton = _INNER_ARTICLE.sub("", skeleton[:1] + skeleton[1:].replace("d", "t"))
    if not skeleton:
        return []
    endings = _endings(reading, vowels_written=vowels_written)
    consonants = len(skeleton) - skeleton.startswith("A")
    if consonants > _SHORT or len(skeleton) > _SHORT:
        # Long skeletons only tell Ahmadi from Ahmad, those of four also Mahmoud from Mohammed.
        told = {"I", "u"} if consonants == len(skeleton) == _SHORT + 1 else {"I"}
        return [skeleton + (endings[0] if endings[0] in told else "")]
    if consonants == _SHORT:
        # o and u stand beside e in Yunus and Younes, so they say nothing here.
        return [skeleton + ending for ending in dict.fromkeys("".join(endings).replace("u", "ai").replace("o", "ai"))]
    return [skeleton + ending.lower().replace("o", "u") for ending in endings]


def _endings(reading: str, *, vowels_written: bool) -> list[str]:
    """Return the classes that the last vowel may have: a, i (also e), u (also o); at the very end i is I and u is o."""
    found = _LAST_VOWELS.search(reading)
    if found is None:
        return ["a", "i", "u"]
    vowels, after = found.groups()
    if after:
        return _inner_endings(reading, vowels[-1], after, vowels_written=vowels_written)
    if vowels[-1] != "e":
        return {"i": ["I"], "o": ["o", "a"], "u": ["o"]}.get(vowels[-1], ["a"])  # Somali Faadumo is Fatuma
    if "i" in vowels:
        return ["I"]
    silent = _BEFORE_SILENT_E.search(reading)  # Imane, Ousmane
    before = {"e": "a", "o": "u"}.get(silent.group(1), silent.group(1)) if silent else "a"
    return list(dict.fromkeys(["a", "i", before]))


def _inner_endings(reading: str, vowel: str, after: str, *, vowels_written: bool) -> list[str]:
    if len(after) > 1 and (not vowels_written or len(reading) < _SHORT_READING):
        return ["a", "i", "u"]  # the last vowel is not written: محمد, Badr
    if vowel == "i" and not vowels_written:
        return ["i", "a"]  # ya is a vowel in رشيد, a consonant in مريم
    return {"e": ["a", "i"], "o": ["u"]}.get(vowel, [vowel])
