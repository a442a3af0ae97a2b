"""Whether a caseworker's pages slow down when the installation grows tenfold around her own, equal caseload."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from bench.district import District, fill, opened
from bench.pages import contact_form, get_page, post_contact
from bench.rounds import Work, medians
from bench.table import Line, against_floor
from caseapp.demo.rules.plan import Scope

_BUDGET = 1.1  # SQLite
_CONTACTS = 2  # a file: with ten the large installation takes five minutes to make
_USUAL = 70  # open files of a caseworker
SMALL, LARGE = 10_000, 100_000


def measure(*, small: int = SMALL, large: int = LARGE, contacts: int = _CONTACTS) -> list[Line]:
    """Each page in both installations, in turn."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        folders = {size: Path(folder) / str(size) for size in (small, large)}
        _fill_side_by_side(folders, contacts)
        found = {size: stack.enter_context(opened(place)) for size, place in folders.items()}
        workers = _alike(found[small].loads(), found[large].loads())
        works: dict[str, Work] = {}
        for size, worker_id in zip((small, large), workers, strict=True):
            works |= {f"{name} {size}": work for name, work in _works(found[size], worker_id)}
        cpu = medians(works, rounds=41)
        names = [name.removesuffix(f" {small}") for name in works if name.endswith(f" {small}")]
        return [
            against_floor(
                f"{name} with {_thousands(large)} files",
                cpu[f"{name} {large}"],
                cpu[f"{name} {small}"],
                f"with {_thousands(small)}",
                _BUDGET,
            )
            for name in names
        ]


def _fill_side_by_side(folders: dict[int, Path], contacts: int) -> None:
    """Both installations at the same time: the machine has two cores."""
    spawn = get_context("spawn")
    makers = [spawn.Process(target=_fill, args=(folder, size, contacts)) for size, folder in folders.items()]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
        assert maker.exitcode == 0


def _fill(folder: Path, size: int, contacts: int) -> None:
    # A state of few files would have carriers of a handful: no caseworker there has a usual caseload.
    fill(folder, size, area=Scope.STATE if size > 50_000 else Scope.DISTRICT, contacts=contacts)


def _alike(some: dict[UUID, tuple[int, int]], others: dict[UUID, tuple[int, int]]) -> tuple[UUID, UUID]:
    """A caseworker of each installation: with the same number of files, in teams of about the same size."""
    usual = {worker_id: load for worker_id, load in some.items() if load[0] >= _USUAL}
    pairs = product(usual.items(), others.items())
    (first, _load), (second, _other) = min(
        pairs, key=lambda pair: (abs(pair[0][1][0] - pair[1][1][0]), abs(pair[0][1][1] - pair[1][1][1]))
    )
    return first, second


def _works(found: District, worker_id: UUID) -> Iterator[tuple[str, Work]]:
    browser, client_id = found.browser(worker_id), found.clients(worker_id)[0]
    form = contact_form(browser, client_id)
    for name, path in (
        ("caseload page", "/klienten"),
        ("Heute", "/heute"),
        ("client page", f"/klienten/{client_id}"),
        ("contact form", f"/klienten/{client_id}/kontakt"),
    ):
        yield name, partial(get_page, browser, path)
    yield "save contact", partial(post_contact, browser, client_id, form)


def _thousands(number: int) -> str:
    return f"{number:,}"
