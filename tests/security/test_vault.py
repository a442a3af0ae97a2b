"""Envelopes: what opens, and what must not."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.db import new_id
from caseapp.security.vault import Key, Place, UnreadableError, new_secret, open_each

KEY = Key(new_secret())
PLACE = Place("client", "head", new_id(), 1)


@given(text=st.binary(max_size=2000), block=st.sampled_from([32, 256]))
def test_what_is_sealed_opens_at_its_place(text: bytes, block: int) -> None:
    assert KEY.open(KEY.seal(text, PLACE, block=block), PLACE) == text


@given(length=st.integers(min_value=0, max_value=31))
def test_short_texts_of_any_length_look_alike(length: int) -> None:
    assert len(KEY.seal(b"x" * length, PLACE, block=32)) == len(KEY.seal(b"", PLACE, block=32))


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("goal", "head", PLACE.row, 1),
        Place("client", "body", PLACE.row, 1),
        Place("client", "head", new_id(), 1),
        Place("client", "head", PLACE.row, 2),
    ],
    ids=["another table", "another column", "another row", "an older revision"],
)
def test_a_value_moved_elsewhere_does_not_open(elsewhere: Place) -> None:
    envelope = KEY.seal(b"Zahra", PLACE, block=32)
    with pytest.raises(UnreadableError):
        KEY.open(envelope, elsewhere)


def test_names_of_table_and_column_cannot_run_into_each_other() -> None:
    envelope = KEY.seal(b"Zahra", Place("ab", "c", PLACE.row, 1), block=32)
    with pytest.raises(UnreadableError):
        KEY.open(envelope, Place("a", "bc", PLACE.row, 1))


@given(position=st.integers(min_value=0, max_value=200), bit=st.integers(min_value=0, max_value=7))
def test_no_flipped_bit_opens(position: int, bit: int) -> None:
    envelope = bytearray(KEY.seal(b"Zahra Rahimi", PLACE, block=32))
    envelope[position % len(envelope)] ^= 1 << bit
    with pytest.raises(UnreadableError):
        KEY.open(bytes(envelope), PLACE)


@given(length=st.integers(min_value=0, max_value=64))
def test_no_cut_envelope_opens(length: int) -> None:
    envelope = KEY.seal(b"Zahra Rahimi", PLACE, block=32)
    with pytest.raises(UnreadableError):
        KEY.open(envelope[: len(envelope) - 1 - length], PLACE)


def test_another_key_does_not_open() -> None:
    with pytest.raises(UnreadableError):
        Key(new_secret()).open(KEY.seal(b"Zahra", PLACE, block=32), PLACE)


def test_a_wrapped_key_opens_only_for_its_purpose() -> None:
    wrapped = KEY.wrap(b"k" * 32, b"client|1")
    assert KEY.unwrap(wrapped, b"client|1") == b"k" * 32
    for purpose in (b"client|2", b""):
        with pytest.raises(UnreadableError):
            KEY.unwrap(wrapped, purpose)


def test_a_key_shows_nothing_of_itself() -> None:
    secret = new_secret()
    assert secret.hex() not in repr(Key(secret))
    assert not hasattr(Key(secret), "__dict__")


def test_many_rows_open_exactly_as_one_does() -> None:
    other, row = Key(new_secret(), generation=2), PLACE.row.bytes
    envelope = KEY.seal(b"Zahra", PLACE, block=32)
    rows = [
        (row, "own", 1, envelope),
        (row, "own", 2, envelope),
        (new_id().bytes, "own", 1, envelope),
        (row, "other", 1, envelope),
        (row, "nobody", 1, envelope),
        (row, "own", 1, envelope[:-1]),
        (row, "own", 1, b""),
        (row, "other", 1, other.seal(b"Amir", PLACE, block=32)),
    ]
    opened = list(open_each("client", "head", rows, {"own": KEY, "other": other}))
    assert opened == [b"Zahra", None, None, None, None, None, None, b"Amir"]
    assert list(open_each("client", "body", rows[:1], {"own": KEY})) == [None]


def test_a_key_is_neither_shown_nor_pickled() -> None:
    secret = new_secret()
    assert repr(secret)[2:10] not in repr(Key(secret))
    with pytest.raises(TypeError):
        pickle.dumps(Key(secret))
