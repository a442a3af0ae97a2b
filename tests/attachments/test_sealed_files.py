"""Sealed files: every size comes back, and no change on the disk opens."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseapp.sealed import files as sealed_files
from caseapp.sealed.files import CHUNK, FileStore, StoredFile
from caseapp.security.vault import UnreadableError

SEALED = CHUNK + 16
SIZES = sorted(
    {0, 1, 15, 16, 4095, 4096, 4097, *(number * CHUNK + each for number in (1, 2, 3) for each in (-1, 0, 1))}
)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[FileStore, StoredFile, bytes]:
    """A file of three chunks and what lies on the disk of it."""
    store = FileStore(tmp_path_factory.mktemp("three"))
    stored = store.store(os.urandom(2 * CHUNK + 500))
    return store, stored, store.path(stored.file_id).read_bytes()


def opens(store: FileStore, stored: StoredFile, raw: bytes) -> bool:
    """Whether the file still opens when this lies on the disk."""
    store.path(stored.file_id).write_bytes(raw)
    try:
        store.verify(stored)
    except UnreadableError:
        return False
    return True


@pytest.mark.parametrize("size", SIZES)
def test_every_size_comes_back(store: FileStore, size: int) -> None:
    content = os.urandom(size)
    stored = store.store(content)
    assert stored.size == size
    assert b"".join(store.read(stored)) == content
    assert (store.path(stored.file_id).stat().st_size - 16) % 4096 in {0, 16, 32, 48}


@given(pieces=st.lists(st.integers(min_value=0, max_value=3 * CHUNK), max_size=6))
def test_it_does_not_matter_in_which_pieces_the_content_arrives(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[int]
) -> None:
    store = FileStore(tmp_path_factory.getbasetemp() / "pieces")
    writer, content = store.write(), bytearray()
    for number, length in enumerate(pieces):
        content += bytes((number + 1,)) * length
        writer.add(bytes((number + 1,)) * length)
    stored = writer.finish()
    assert b"".join(store.read(stored)) == content
    store.delete([stored.file_id])


@given(data=st.data())
def test_no_changed_byte_opens(three: tuple[FileStore, StoredFile, bytes], data: st.DataObject) -> None:
    store, stored, raw = three
    place = data.draw(st.one_of(st.integers(0, len(raw) - 1), st.sampled_from([0, SEALED - 1, SEALED, len(raw) - 1])))
    flipped = data.draw(st.integers(1, 255))
    assert not opens(store, stored, raw[:place] + bytes((raw[place] ^ flipped,)) + raw[place + 1 :])
    assert opens(store, stored, raw)


@given(data=st.data())
def test_no_cut_and_nothing_added_opens(three: tuple[FileStore, StoredFile, bytes], data: st.DataObject) -> None:
    store, stored, raw = three
    edges = st.sampled_from([0, 1, 16, SEALED, 2 * SEALED, len(raw) - 1])
    assert not opens(store, stored, raw[: data.draw(st.one_of(st.integers(0, len(raw) - 1), edges))])
    assert not opens(store, stored, raw + data.draw(st.binary(min_size=1, max_size=50)))
    assert not opens(store, stored, raw + raw[-SEALED:])


def test_no_exchanged_repeated_or_left_out_chunk_opens(three: tuple[FileStore, StoredFile, bytes]) -> None:
    store, stored, raw = three
    first, second, last = raw[:SEALED], raw[SEALED : 2 * SEALED], raw[2 * SEALED :]
    for wrong in (
        second + first + last,
        first + first + last,
        first + second + second + last,
        first + last,
        second + last,
        last,
        first + second,
        last + second + first,
    ):
        assert not opens(store, stored, wrong)
    assert opens(store, stored, first + second + last)


def test_no_file_opens_in_the_place_of_another(store: FileStore) -> None:
    mine, other = store.store(b"meine"), store.store(b"deine")
    raw = [store.path(each.file_id).read_bytes() for each in (mine, other)]
    assert not opens(store, mine, raw[1])
    # Not even with the other's key: a chunk knows which file it is of.
    store.path(mine.file_id).write_bytes(raw[1])
    with pytest.raises(UnreadableError):
        store.verify(StoredFile(mine.file_id, other.key, other.size))


def test_a_record_with_another_size_opens_nothing(store: FileStore) -> None:
    stored = store.store(b"x" * 100)
    for size in (0, 99, 101, 10_000):
        with pytest.raises(UnreadableError):
            store.verify(StoredFile(stored.file_id, stored.key, size))
    store.delete([stored.file_id])
    with pytest.raises(UnreadableError):
        store.verify(stored)


def test_nothing_of_a_changed_chunk_is_handed_out(store: FileStore) -> None:
    stored = store.store(b"a" * CHUNK + b"b" * CHUNK)
    raw = bytearray(store.path(stored.file_id).read_bytes())
    raw[SEALED + 5] ^= 1
    store.path(stored.file_id).write_bytes(raw)
    pieces = store.read(stored)
    assert next(pieces) == b"a" * CHUNK
    with pytest.raises(UnreadableError):
        next(pieces)


def test_a_file_lies_under_a_random_name_readable_by_the_service_alone(store: FileStore) -> None:
    stored = store.store(b"x")
    path = store.path(stored.file_id)
    assert path.name == stored.file_id.hex
    assert path.stat().st_mode & 0o077 == 0
    assert store.folder.stat().st_mode & 0o077 == 0


def test_a_disk_that_takes_no_more_leaves_nothing(store: FileStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(sealed_files.os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        store.store(b"x" * 3 * CHUNK)
    assert list(store.folder.iterdir()) == []


def test_only_old_files_that_nobody_knows_are_left_behind(store: FileStore) -> None:
    known, left, fresh = (store.store(b"x") for _each in range(3))
    long_ago = store.path(left.file_id).stat().st_mtime - 1_000
    os.utime(store.path(left.file_id), (long_ago, long_ago))
    os.utime(store.path(known.file_id), (long_ago, long_ago))
    (store.folder / "readme.txt").write_text("nobody's")
    assert store.left_behind([known.file_id], older_than=500) == [left.file_id]
    store.delete([left.file_id, left.file_id])
    assert store.path(fresh.file_id).exists()
