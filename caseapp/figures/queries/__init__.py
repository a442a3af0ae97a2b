"""Reading for own figures."""

from caseapp.figures.queries.agreements import (
    get_agreement,
    get_comparison,
    list_agreements,
    list_comparable,
    list_comparisons,
    valid_agreements,
)
from caseapp.figures.queries.cases import (
    LIVE_MOST,
    FigureCase,
    ListedFigureCase,
    Reach,
    count_cases,
    list_cases,
    list_heads,
    reach_of,
    workers_of,
)
from caseapp.figures.queries.snapshots import find_snapshot, job_of

__all__ = [
    "LIVE_MOST",
    "FigureCase",
    "ListedFigureCase",
    "Reach",
    "count_cases",
    "find_snapshot",
    "get_agreement",
    "get_comparison",
    "job_of",
    "list_agreements",
    "list_cases",
    "list_comparable",
    "list_comparisons",
    "list_heads",
    "reach_of",
    "valid_agreements",
    "workers_of",
]
