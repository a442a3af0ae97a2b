"""Which carriers, teams and workers there are, and how many files each of them has."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from random import Random

from msgspec import Struct

from caseapp.places.rules import District, Gazetteer, Municipality

_ONE_DISTRICT = "08435"
_FILES_A_WORKER = 105  # about 85 of them open; seen in practice: 60 to 145 (domain.md, B.1)
_WORKERS_A_TEAM = 8
_FREE_CARRIERS = ("Ankerplatz e. V.", "Wegweiser Integration gGmbH", "Brückenschlag e. V.", "Ankommen gGmbH")
_TEAM_NAMES = ("Nord", "Süd", "Ost", "West", "Mitte", "Am See", "Oberland", "Unterland")


class Scope(StrEnum):
    """How much of the state the demo covers."""

    DISTRICT = "district"
    STATE = "state"


class WorkerPlan(Struct, frozen=True):
    """A caseworker: for which municipalities, and how many files, closed ones included."""

    files: int
    towns: tuple[Municipality, ...]


class TeamPlan(Struct, frozen=True):
    """A team with its workers. "" as name: the only team of its carrier."""

    name: str
    workers: tuple[WorkerPlan, ...]


class CarrierPlan(Struct, frozen=True):
    """A carrier. `kind` is a code of the list carrier_kinds, `ags` its district (5 digits) or municipality (8)."""

    name: str
    kind: str
    ags: str
    teams: tuple[TeamPlan, ...]


def plan_carriers(gazetteer: Gazetteer, files: int, seed: int, scope: Scope) -> list[CarrierPlan]:
    """Carriers with `files` client files in all: of one district, or of all 44."""
    wanted = sorted(gazetteer.districts) if scope is Scope.STATE else [_ONE_DISTRICT]
    towns = {ags: _towns_of(gazetteer, ags) for ags in wanted}
    shares = _share(files, [sum(map(_weight, towns[ags])) for ags in wanted])
    carriers: list[CarrierPlan] = []
    for ags, share in zip(wanted, shares, strict=True):
        rng = Random(f"{seed}|plan|{ags}")
        carriers += _plan_district(rng, gazetteer, ags, towns[ags], share)
    return [carrier for carrier in carriers if carrier.teams]


def _towns_of(gazetteer: Gazetteer, district: str) -> list[Municipality]:
    """The district's municipalities, towns first, the largest first (by postcodes: populations are not shipped)."""
    towns = [town for town in gazetteer.municipalities.values() if town.district_ags == district]
    return sorted(towns, key=lambda town: (town.kind != "Stadt", -_weight(town), town.ags))


def _weight(town: Municipality) -> int:
    return len(town.postcodes) * 6 + (6 if town.kind == "Stadt" else 0) + 2


def _share(total: int, weights: Sequence[float]) -> list[int]:
    """`total` in whole parts by weight, largest remainders first."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: parts[place] - exact[place])
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def _plan_district(
    rng: Random, gazetteer: Gazetteer, ags: str, towns: list[Municipality], files: int
) -> list[CarrierPlan]:
    district = gazetteer.districts[ags]
    # Heilbronn and Karlsruhe are each a city and a district: the kind belongs to the name.
    seat = _seat(district)
    free = f"{_FREE_CARRIERS[int(ags) % len(_FREE_CARRIERS)]} ({seat})"
    if district.kind == "Stadtkreis":
        for_city, for_free = _share(files, (82, 18))
        return [
            _carrier(rng, seat, "SKR", ags, towns, for_city),
            _carrier(rng, free, "FRT", ags, towns, for_free),
        ]
    large = towns[: 2 if files < 1_000 else 3]
    weights = (100 - 17 * len(large) - 16, *[17] * len(large), 16)
    for_district, *for_towns, for_free = _share(files, weights)
    rest = [town for town in towns if town not in large] or towns
    return [
        _carrier(rng, seat, "LKR", ags, rest, for_district),
        *(
            _carrier(rng, f"{town.kind} {town.name}", "GEM", town.ags, [town], part)
            for town, part in zip(large, for_towns, strict=True)
        ),
        _carrier(rng, free, "FRT", ags, towns, for_free),
    ]


def _seat(district: District) -> str:
    if district.kind == "Stadtkreis":
        return f"Stadt {district.name}"
    return district.name if district.name.lower().endswith("kreis") else f"Landkreis {district.name}"


def _carrier(rng: Random, name: str, kind: str, ags: str, towns: list[Municipality], files: int) -> CarrierPlan:
    number = max(1, round(files / _FILES_A_WORKER)) if files else 0
    loads = _share(files, [rng.uniform(0.8, 1.2) for _worker in range(number)]) if number else []
    workers = [WorkerPlan(load, _part(towns, place, number)) for place, load in enumerate(loads) if load]
    groups = [workers[start : start + _WORKERS_A_TEAM] for start in range(0, len(workers), _WORKERS_A_TEAM)]
    teams = [TeamPlan(_team_name(place), tuple(group)) for place, group in enumerate(groups)]
    return CarrierPlan(name, kind, ags, tuple(teams))


def _part(towns: list[Municipality], place: int, number: int) -> tuple[Municipality, ...]:
    """The municipalities of one worker: where there are enough, everybody has some of their own."""
    return tuple(towns[place::number]) or (towns[place % len(towns)],)


def _team_name(place: int) -> str:
    turn, name = divmod(place, len(_TEAM_NAMES))
    return _TEAM_NAMES[name] + (f" {turn + 1}" if turn else "")
