"""How long finding takes once the heads are open: ``python -m bench.search_matching`` prints medians.

Budget: at most 10 ms for 5,000 clients at any spelling (the rest of the 40 ms
of a search opens the heads).
"""

import datetime as dt
import random
import statistics
import time
import uuid
from collections.abc import Callable

from caseapp.clients.rules.duplicates import DuplicateFinder
from caseapp.clients.rules.matching import Card, match, parse_query
from caseapp.clients.rules.names import name_keys, search_line
from tests.clients.population import people

CLIENTS = 5_000
ROUNDS = 15
QUERIES = (
    "Rahimi",
    "Muhamad",
    "Moham",
    "Schewtschenko Oleksandr",
    "Шевченко",
    "محمد",
    "al ahmad fatma",
    "f a",
    "Tkatschjenko Olna",
    "Abdul Rahman Hosseini",
    "rahimi 1988",
    "3.5.88",
    "2026-00042",
    "0176 62 33 72 43",
    "Xyzzy Qwertz",
)


def cards(number: int) -> list[Card]:
    """Return the cards of so many seeded people."""
    chance = random.Random(7)
    made = []
    for count, (family, given) in enumerate(people(number, seed=7)):
        made.append(
            Card(
                client_id=uuid.UUID(int=chance.getrandbits(128)),
                search_line=search_line(family, given),
                family_name=family,
                given_names=given,
                file_number=f"2026-{count:05}",
                born_on=dt.date(1950, 1, 1) + dt.timedelta(days=chance.randrange(26_000)),
                phones=(f"+49176{chance.randrange(10**7, 10**8)}",),
            )
        )
    return made


def median_ms(work: Callable[[], object]) -> float:
    """Return the median of some rounds in milliseconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def main() -> None:
    """Print the medians."""
    everybody = cards(CLIENTS)
    for text in QUERIES:
        hits = len(match(parse_query(text), everybody))
        spent = median_ms(lambda text=text: match(parse_query(text), everybody))  # type: ignore[misc]
        print(f"{spent:7.2f} ms  {hits:5} hits  {text}")
    some = everybody[:200]
    print(f"{median_ms(lambda: [name_keys(card.family_name) for card in some]) / 200 * 1000:7.1f} us  keys of a name")
    line = median_ms(lambda: [search_line(card.family_name, card.given_names) for card in some])
    print(f"{line / 200 * 1000:7.1f} us  search line of a client")
    finder = DuplicateFinder(everybody)
    for card in everybody:
        finder.find(card)
    print(f"{median_ms(lambda: [finder.find(card) for card in some]) / 200:7.2f} ms  duplicates of one client")


if __name__ == "__main__":
    main()
