"""What single letters of other scripts stand for.

``LATIN`` gives the usual Latin spelling of a letter (for prefixes, equality and
ranking), ``SOUNDS`` the sound code of the same letter (for the keys of
``sounds.py``). They differ on purpose: a romanisation must choose one spelling,
a sound code keeps the doubt (``X`` is "h or k", see ``sounds.DOUBTS``).
"""

import unicodedata


def _pairs(text: str) -> dict[str, str]:
    """Read a table written as ``letter=reading`` words; an empty reading is allowed."""
    return dict(entry.split("=", 1) for entry in text.split())


# Ukrainian after Cabinet resolution 55/2010, other Slavic and Turkic letters
# as passports usually write them.
_CYRILLIC_LATIN = _pairs(
    "а=a б=b в=v г=h ґ=g д=d е=e є=ie ж=zh з=z и=y і=i ї=i й=i к=k л=l м=m н=n о=o п=p р=r "
    "с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ь= ъ= ы=y э=e ю=iu я=ia ё=io ў=u ј=j љ=lj "
    "њ=nj ћ=c ђ=dj џ=dz ѓ=gj ќ=kj ѕ=dz ғ=gh қ=q ҳ=h ҷ=j ӯ=u ӣ=i ә=a ө=o ү=u ұ=u ң=n һ=h"
)
_CYRILLIC_SOUNDS = _pairs(
    "а=a б=b в=v г=G ґ=k д=d дж=j е=e є=e ж=j з=s и=i і=i ї=i й=y к=k л=l м=m н=n о=o п=b р=r "
    "с=s т=t у=u ф=f х=X ц=s ч=C ш=S щ=S ь= ъ= ы=i э=e ю=yu я=ya ё=yo ў=w ј=y љ=l "
    "њ=n ћ=C ђ=j џ=j ѓ=G ќ=k ѕ=ds ғ=k қ=k ҳ=h ҷ=j ӯ=u ӣ=i ә=a ө=o ү=u ұ=u ң=n һ=h"
)
# Arabic with the letters of Persian, Pashto, Urdu and Sorani.
_ARABIC_LATIN = _pairs(
    "ا=a أ=a إ=i آ=a ٱ=a ء= ئ=y ؤ=w ع=a ى=i ي=i ی=i ې=e ۍ=ay ێ=e و=u ۆ=o ە=a ة=a ب=b پ=p ت=t "
    "ټ=t ط=t ث=th ج=j چ=ch ح=h ھ=h ه=h ہ=h خ=kh د=d ډ=d ذ=dh ر=r ړ=r ڕ=r ز=z ژ=zh س=s ش=sh "
    "ښ=sh ص=s ض=d ظ=z غ=gh ف=f ڤ=v ق=q ک=k ك=k گ=g ګ=g ل=l ڵ=l م=m ن=n ڼ=n ں=n ځ=dz څ=ts ږ=zh ٹ=t ڈ=d ڑ=r ے=e"
)
_ARABIC_SOUNDS = _pairs(
    "ا=a أ=a إ=i آ=a ٱ=a ء= ئ= ؤ= ع=ʿ ى=6 ي=y ی=y ې=e ۍ=i ێ=e و=w وو=u ۆ=o ە=e ة=5 ب=b پ=b ت=t "
    "ټ=t ط=t ث=T ج=j چ=C ح=h ھ=h ه=h ہ=h خ=X د=d ډ=d ذ=R ر=r ړ=r ڕ=r ز=s ژ=j س=s ش=S "
    "ښ=S ص=s ض=R ظ=R غ=k ف=f ڤ=v ق=k ک=k ك=k گ=k ګ=k ل=l لل=l ڵ=l م=m ن=n ڼ=n ں=n ځ=ds څ=s ږ=j ٹ=t ڈ=d ڑ=r ے=e"
)
_GEORGIAN_LATIN = _pairs(
    "ა=a ბ=b გ=g დ=d ე=e ვ=v ზ=z თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh რ=r ს=s ტ=t უ=u ფ=p ქ=k "
    "ღ=gh ყ=q შ=sh ჩ=ch ც=ts ძ=dz წ=ts ჭ=ch ხ=kh ჯ=j ჰ=h"
)
_GEORGIAN_SOUNDS = _pairs(
    "ა=a ბ=b გ=G დ=d ე=e ვ=v ზ=s თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=b ჟ=j რ=r ს=s ტ=t უ=u ფ=b ქ=k "
    "ღ=k ყ=k შ=S ჩ=C ც=s ძ=ds წ=s ჭ=C ხ=X ჯ=j ჰ=h"
)
_ARMENIAN_LATIN = _pairs(
    "ա=a բ=b գ=g դ=d ե=e զ=z է=e ը=e թ=t ժ=zh ի=i լ=l խ=kh ծ=ts կ=k հ=h ձ=dz ղ=gh ճ=ch մ=m յ=y "
    "ն=n շ=sh ո=o չ=ch պ=p ջ=j ռ=r ս=s վ=v տ=t ր=r ց=ts ւ=u փ=p ք=k օ=o ֆ=f և=ev"
)
_ARMENIAN_SOUNDS = _pairs(
    "ա=a բ=b գ=G դ=d ե=e զ=s է=e ը=e թ=t ժ=j ի=i լ=l խ=X ծ=s կ=k հ=h ձ=ds ղ=k ճ=C մ=m յ=y "
    "ն=n շ=S ո=o ու=u չ=C պ=b ջ=j ռ=r ս=s վ=v տ=t ր=r ց=s ւ=w փ=b ք=k օ=o ֆ=f և=ev"
)
_GREEK_LATIN = _pairs(
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o"
)
_GREEK_SOUNDS = _pairs(
    "α=a β=v γ=G γκ=k δ=d ε=e ζ=s η=i θ=T ι=i κ=k λ=l μ=m μπ=b ν=n ντ=d ξ=ks ο=o ου=u π=b ρ=r "
    "σ=s ς=s τ=t υ=i φ=f χ=X ψ=bs ω=o"
)
# Ethiopic: rows of eight, one consonant in seven vowel orders.
_ETHIOPIC_ROWS = (
    "ሀ=h/h ለ=l/l ሐ=h/h መ=m/m ሠ=s/s ረ=r/r ሰ=s/s ሸ=sh/S ቀ=k/k ቈ=kw/k ቐ=k/k በ=b/b ቨ=v/v ተ=t/t ቸ=ch/C "
    "ኀ=h/h ነ=n/n ኘ=n/n አ=/ ከ=k/k ኰ=kw/k ኸ=kh/X ወ=w/w ዐ=/ ዘ=z/s ዠ=zh/j የ=y/y ደ=d/d ጀ=j/j ገ=g/G "
    "ጠ=t/t ጨ=ch/C ጰ=p/b ጸ=ts/s ፀ=ts/s ፈ=f/f ፐ=p/b"
)
_ETHIOPIC_VOWELS = ("e", "u", "i", "a", "e", "", "o")


def _ethiopic(column: int) -> dict[str, str]:
    table = {}
    for first, readings in _pairs(_ETHIOPIC_ROWS).items():
        reading = readings.split("/")[column]
        for order, vowel in enumerate(_ETHIOPIC_VOWELS):
            # The two rows without a consonant say "a", not "e", in the first
            # order, and carry a bare vowel in the sixth.
            said = {0: "a", 5: "e"}.get(order, vowel) if not reading else vowel
            table[chr(ord(first) + order)] = reading + said
    return table


# Latin letters that do not fall apart into a base letter and a mark.
_LATIN_LATIN = _pairs("ß=ss ø=o ł=l đ=d ð=d þ=th æ=ae œ=oe ı=i ə=a ŋ=n ħ=h ɓ=b ɗ=d ƙ=k ƴ=y")

LATIN = _CYRILLIC_LATIN | _ARABIC_LATIN | _GEORGIAN_LATIN | _ARMENIAN_LATIN | _GREEK_LATIN | _ethiopic(0) | _LATIN_LATIN
SOUNDS = _CYRILLIC_SOUNDS | _ARABIC_SOUNDS | _GEORGIAN_SOUNDS | _ARMENIAN_SOUNDS | _GREEK_SOUNDS | _ethiopic(1)


def bare(letter: str) -> str:
    """Return the letter without its marks ("é" -> "e"); a mark alone becomes ""."""
    return "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))


def is_arabic(word: str) -> bool:
    """Return whether the word holds a letter of the Arabic script, which leaves out short vowels."""
    return any("؀" <= letter <= "ۿ" for letter in word)


def is_latin(word: str) -> bool:
    """Return whether the word can be read as Latin letters (digits and signs do not count)."""
    return not any(letter.isalpha() and letter > "ɏ" for letter in word)
