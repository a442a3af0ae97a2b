"""A package as bytes: frozen, read again, named by its digest."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from caseapp.reporting.disclosure.geography import Geography, Level
from caseapp.reporting.rules.package import (
    Area,
    PackageError,
    digest_of,
    freeze_package,
    shown_levels,
    signed_payload,
    thaw_package,
    with_sentences,
)
from tests.factories.packages import package


def test_a_frozen_package_reads_as_what_it_was_and_freezes_to_the_same_bytes() -> None:
    frozen = freeze_package(package("08117"))
    again = thaw_package(frozen)

    assert freeze_package(again) == frozen
    assert again.as_of == package("08117").as_of
    assert dataclasses.replace(again, figures=()) == dataclasses.replace(package("08117"), figures=())
    for mine, theirs in zip(again.figures, package("08117").figures, strict=True):
        assert (mine.name, mine.cohort) == (theirs.name, theirs.cohort)
        for grid in mine.published.lattice.grids:
            assert np.array_equal(mine.published.values[grid], theirs.published.values[grid])


def test_canonical_bytes_are_ascii_with_sorted_names() -> None:
    frozen = freeze_package(package("08117"))

    assert frozen.isascii()
    assert b'", "' not in frozen
    assert list(json.loads(frozen)) == sorted(json.loads(frozen))


def test_other_sentences_change_the_digest_and_nothing_else() -> None:
    frozen = freeze_package(package("08117"))
    edited = with_sentences(frozen, ("Ein Satz.", "Zwei.", "Drei."))

    assert digest_of(edited) != digest_of(frozen)
    assert thaw_package(edited).sentences == ("Ein Satz.", "Zwei.", "Drei.")
    assert with_sentences(edited, package("08117").sentences) == frozen
    assert signed_payload(digest_of(edited)).endswith(digest_of(edited).encode())


@pytest.mark.parametrize(
    "frozen", [b"", b"{}", b"[]", b"null", b'{"format":"caseapp report package 2"}', b"\xff", b'{"format":1}']
)
def test_other_bytes_are_no_package(frozen: bytes) -> None:
    with pytest.raises(PackageError):
        thaw_package(frozen)


def test_a_package_with_a_field_of_the_wrong_kind_is_refused() -> None:
    document = json.loads(freeze_package(package("08117")))
    document["catalogue_version"] = "eins"
    with pytest.raises(PackageError):
        thaw_package(json.dumps(document).encode())


def test_a_kreis_is_its_own_root_and_is_shown_once() -> None:
    root = Geography("08117", ("08117",), ("08117001", "08117-unknown"), (0, 0))
    of_kreis = dataclasses.replace(
        package("08117"), areas=(Area("08117", "Göppingen", 1), Area("08117001", "Adelberg", 2, "08117"))
    )

    assert root.areas(Level.STATE) == root.areas(Level.DISTRICT)
    assert shown_levels(of_kreis) == (1, 2)
    assert shown_levels(package("08")) == (0, 1)
