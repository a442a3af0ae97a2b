"""The three sentences on top of a report: proposed from what is published, edited by a person, checked before release.

A sentence may hold no number but those that the report publishes: an exact figure, typed from a page of own figures,
would undo the rounding of all that it is linked with.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from caseapp.errors import RuleError
from caseapp.i18n import gettext as _
from caseapp.reporting.disclosure.catalogue import Grid
from caseapp.reporting.disclosure.geography import Level
from caseapp.reporting.disclosure.rates import percentage
from caseapp.reporting.rules.labels import period_label
from caseapp.reporting.rules.package import Figures, Package
from caseapp.tallies.periods import Period

COUNT, LONGEST = 3, 300
SMALLEST = 10  # a number below is no figure worth a sentence, whatever it was rounded to
_NUMBER = re.compile(r"\d+(?:[.  ]\d{3})*(?:,\d+)?")
_PER_CENT = re.compile(r"[\u00a0 ]?(?:%|Prozent)")
_QUARTER = re.compile(r"\.[\u00a0 ]Quartal")
_CARRIERS = re.compile(r"[\u00a0 ]Träger")
_PERSONS = "I1"
_TOPIC, _REST = "topic", "SON"


def proposals(package: Package, before: Package | None) -> tuple[str, str, str]:
    """Three sentences from published numbers only."""
    return (_of_persons(package, before), _of_topics(package), _of_data(package))


def refuse_sentences(
    sentences: Sequence[str], package: Package, before: Package | None, hidden: Collection[str] = ()
) -> None:
    """Raises RuleError, with the field `sentence1` to `sentence3`, for one that is missing, long or says too much.

    `hidden`: names of municipalities that the report shows together with others only.
    """
    allowed = _allowed(package, before)
    hidden = set(hidden) - {area.name for area in package.areas}
    for place, sentence in enumerate(sentences, start=1):
        problem = _problem(sentence, allowed, hidden)
        if problem:
            raise RuleError(problem, field=f"sentence{place}")


def _problem(sentence: str, allowed: _Allowed, hidden: Collection[str]) -> str:
    if not sentence.strip():
        return _("Schreiben Sie hier einen Satz.")
    if len(sentence) > LONGEST:
        return _("Höchstens %(most)s Zeichen.", most=LONGEST)
    if any(ord(letter) < ord(" ") for letter in sentence) or "<" in sentence:
        return _("Ein Satz ist eine Zeile Text, ohne Formatierung.")
    bare = _without(allowed.labels, sentence)
    for written in _NUMBER.finditer(bare):
        if not _may_say(written[0], bare[written.end() :], allowed):
            return _(
                "Die Zahl %(number)s steht so nicht im Bericht. Erlaubt sind veröffentlichte Zahlen ab %(least)s, "
                "veröffentlichte Prozentwerte und Jahre.",
                number=written[0],
                least=SMALLEST,
            )
    for name in hidden:
        if re.search(rf"\b{re.escape(name)}\b", sentence):
            return _(
                "%(name)s wird im Bericht nicht einzeln gezeigt und darf auch hier nicht stehen.",
                name=name,
            )
    return ""


def _without(labels: Sequence[str], sentence: str) -> str:
    for label in labels:
        sentence = sentence.replace(label, "")
    return sentence


@dataclass(frozen=True)
class _Allowed:
    """What a sentence may say: numbers of the tables and years; numbers before "Prozent"; how many carriers.

    `labels`: names of classes and fields in which numbers stand ("3 bis 15 Jahre"), as a whole.
    """

    numbers: frozenset[int]
    shares: frozenset[int]
    carriers: int
    labels: tuple[str, ...]


def _may_say(written: str, after: str, allowed: _Allowed) -> bool:
    digits = re.sub(r"[.\u00a0 ]", "", written)
    if not digits.isdecimal():
        return False
    number = int(digits)
    if _PER_CENT.match(after):
        return number in allowed.shares
    if _QUARTER.match(after):
        return 1 <= number <= 4
    return number in allowed.numbers or (number == allowed.carriers and bool(_CARRIERS.match(after)))


def _allowed(package: Package, before: Package | None) -> _Allowed:
    year = Period.parse(package.period).year
    numbers, shares = {year, year - 1}, set(_shares(package))
    for each in (package, before):
        if each is not None:
            numbers |= {value for figures in each.figures for value in _published(figures)}
            shares |= {share for part in each.quality for share in (part.missing, part.outdated) if share is not None}
    return _Allowed(frozenset(numbers), frozenset(shares), len(package.carriers), _labels(package))


def _labels(package: Package) -> tuple[str, ...]:
    """The longest first: one may stand inside another."""
    names = {each.de for each in package.quality}
    names |= {each.de for text in package.dimensions if text.name == _TOPIC for each in text.classes}
    return tuple(sorted((name for name in names if _NUMBER.search(name)), key=len, reverse=True))


def _published(figures: Figures) -> Iterator[int]:
    published = figures.published
    for grid in published.lattice.grids:
        shown = published.values[grid][~published.withheld[grid]]
        yield from (value for value in shown.ravel().tolist() if value >= SMALLEST)


def _shares(package: Package) -> Iterator[int]:
    for figures in package.figures:
        published = figures.published
        whole = int(published.values[Grid(Level.STATE, ())][0])
        for dimension in published.lattice.catalogue.dimensions:
            grid = Grid(Level.STATE, (dimension.name,))
            if grid in published.values:
                parts = (percentage(value, whole) for value in published.values[grid].ravel().tolist())
                yield from (part for part in parts if part is not None)


def _of_persons(package: Package, before: Package | None) -> str:
    period = period_label(Period.parse(package.period))
    now = _total(package)
    last = _total(before) if before else None
    if now is None:
        return _(
            "Dieser Bericht zeigt die Arbeit des Integrationsmanagements in %(scope)s: %(period)s.",
            scope=package.scope_name,
            period=period,
        )
    said = _(
        "Rund %(count)s Personen wurden beraten (%(scope)s, %(period)s).",
        count=_grouped(now),
        scope=package.scope_name,
        period=period,
    )
    if last is not None:
        said += " " + _("Im vorigen Bericht waren es rund %(count)s.", count=_grouped(last))
    return said


def _of_topics(package: Package) -> str:
    figures = _find(package, _PERSONS)
    grid = Grid(Level.STATE, (_TOPIC,))
    if figures is not None and grid in figures.published.values:
        values = figures.published.values[grid][0].tolist()
        codes = figures.published.lattice.catalogue.axes(grid)[0]
        labels = {each.code: each.de for text in package.dimensions if text.name == _TOPIC for each in text.classes}
        named = [place for place, code in enumerate(codes) if code != _REST]
        most = max(named, key=lambda place: (values[place], -place))
        if values[most] >= SMALLEST:
            return _("Das häufigste einzelne Thema war %(topic)s.", topic=labels.get(codes[most], codes[most]))
    return _("Die Zahlen sind gerundet; Summen stimmen in allen Tabellen überein.")


def _of_data(package: Package) -> str:
    missing = max((each for each in package.quality if each.missing), key=lambda each: each.missing or 0, default=None)
    if missing is None:
        return _("Alle Träger haben bestätigt, dass ihre Einträge vollständig sind.")
    return _(
        "Die größte Lücke in den Angaben: %(field)s fehlt bei %(share)s Prozent.",
        field=missing.de,
        share=missing.missing,
    )


def _total(package: Package) -> int | None:
    figures = _find(package, _PERSONS)
    if figures is None:
        return None
    value = int(figures.published.values[Grid(Level.STATE, ())][0])
    return value if value >= SMALLEST else None


def _find(package: Package, indicator: str) -> Figures | None:
    return next((each for each in package.figures if each.indicator == indicator), None)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")
