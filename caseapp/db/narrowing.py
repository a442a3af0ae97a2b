"""Loader criteria of SQLAlchemy, made once an actor instead of once a statement.

The library walks through every criterion for each statement, and copies its bound values, which it then finds again by
comparing them; comparing two of them builds an SQL expression. Together 200 to 360 us a statement. Here the share of
the cache key is made once, and bound values are never copied. Both lean on inner names of the pinned version; the
tests of the row scope and the check in `_resolve_where_criteria` would show a change.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, ColumnElement, false
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors
from sqlalchemy.sql.annotation import _deep_annotate as annotate

_numbers = itertools.count()
_shapes: dict[Any, int] = {}


class Value(BindParameter[Any]):
    """A bound value of a criterion: one and the same object in every statement that is made with it."""

    inherit_cache = True

    def __init__(self, value: object, kind: Any, *, several: bool = False) -> None:
        super().__init__(None, value, kind, unique=True, expanding=several)

    def _annotate(self, _values: Any) -> Value:
        return self

    def _with_annotations(self, _values: Any) -> Value:
        return self


class Narrowing(LoaderCriteriaOption):
    """A criterion on a table, or on all tables of a kind whenever they are declared, aliases included.

    `make` gives the criterion for one table; `core` is an expression that holds all its bound values. `but` is a table
    of the kind that has a criterion of its own.
    """

    __slots__ = ("_but", "_key", "_make", "_values")

    def __init__(
        self,
        kind: type[Any],
        make: Callable[[Any], ColumnElement[bool]],
        core: ClauseElement,
        *,
        but: type[Any] | None = None,
    ) -> None:
        # What the library is told is "nothing": should it ever pass by `_resolve_where_criteria`, no row is visible.
        super().__init__(kind, lambda _cls: false(), include_aliases=True)
        found = core._generate_cache_key()  # noqa: SLF001 - see the module's text
        if found is None:
            raise TypeError("a criterion of the row scope has no cache key")
        self._make, self._but, self._values = make, but, found.bindparams
        # A number for the shape is quicker to compare. Actors with duties of one shape share the compiled statements.
        self._key = (Narrowing, kind, _shapes.setdefault(found.key, next(_numbers)))

    def _gen_cache_key(self, _anon_map: Any, bindparams: list[BindParameter[Any]]) -> tuple[Any, ...]:
        bindparams.extend(self._values)
        return self._key

    def _all_mappers(self) -> Iterator[Mapper[Any]]:
        return (mapper for mapper in super()._all_mappers() if mapper.class_ is not self._but)

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        criterion = self._make(ext_info.entity)
        used = {id(part) for part in visitors.iterate(criterion) if isinstance(part, BindParameter)}
        if not used <= {id(value) for value in self._values}:
            # The compiled statement serves every actor: a value that is not in the list would stay the first one's.
            raise AssertionError("a bound value of the row scope is missing in its cache key")
        marks = {"for_loader_criteria": self}
        return annotate(criterion, marks, detect_subquery_cols=True, ind_cols_on_fromclause=True)
