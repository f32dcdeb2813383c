"""Damaged pages of an LMDB are found before liblmdb reads them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from forked import holds_in_child

from netdef.data.databases.lmdb import LmdbRecords
from netdef.errors import FileError

PAGE = 4096
LEAF, BRANCH, OVERFLOW = 2, 1, 4


def pages_of(data: bytes, kind: int) -> list[int]:
    """Where the pages of a kind begin. Bytes 10 and 11 of a page are its kind, 16 and on the places of its nodes."""
    return [at for at in range(2 * PAGE, len(data), PAGE)
            if data[at : at + 8] == (at // PAGE).to_bytes(8, "little") and data[at + 10 : at + 12] == bytes([kind, 0])]


def put(data: bytes, at: int, number: int, size: int = 2) -> bytes:
    return data[:at] + number.to_bytes(size, "little") + data[at + size :]


def node(data: bytes, page: int, index: int = 0) -> int:
    return page + int.from_bytes(data[page + 16 + 2 * index : page + 18 + 2 * index], "little")


@pytest.mark.parametrize(
    "kind, damage",
    [
        (LEAF, lambda data, page: put(data, page + 10, BRANCH)),
        (LEAF, lambda data, page: put(data, page + 10, 0)),
        (LEAF, lambda data, page: put(data, page, 3, 8)),  # the page says it is another
        (LEAF, lambda data, page: put(data, page + 12, 0)),  # no nodes
        (LEAF, lambda data, page: put(data, page + 12, PAGE + 16)),  # more nodes than there is room
        (LEAF, lambda data, page: put(data, page + 16, PAGE - 4)),  # a node at the end of the page
        (LEAF, lambda data, page: put(data, page + 16, 2)),  # a node in the page's head
        (LEAF, lambda data, page: put(data, node(data, page) + 6, PAGE)),  # a key beyond the page
        (LEAF, lambda data, page: put(data, node(data, page) + 2, 9)),  # a value of 576 KiB
        (LEAF, lambda data, page: put(data, node(data, page) + 16, 10**6, 8)),  # a value in a page that is not there
        (LEAF, lambda data, page: put(data, node(data, page) + 16, 2**63 - 1, 8)),
        (BRANCH, lambda data, page: put(data, page + 10, LEAF)),
        (BRANCH, lambda data, page: put(data, page + 12, 18)),  # one child
        (BRANCH, lambda data, page: put(data, node(data, page, 1), page // PAGE)),  # its own child
        (BRANCH, lambda data, page: put(data, node(data, page, 1) + 4, 9)),  # a child beyond the end
        (OVERFLOW, lambda data, page: put(data, page + 10, LEAF)),
        (OVERFLOW, lambda data, page: put(data, page + 12, 1, 4)),  # fewer pages than the value takes
    ],
)
def test_damaged_page_is_an_error_and_no_crash(
    make_database: Callable, random_images: Callable, kind: int, damage: Callable
):
    """liblmdb trusts the pages: over some of these it calls abort(), over others it reads beyond its memory."""
    path = make_database(random_images(300, 3, 50, 51))
    file = path / "data.mdb"
    whole = file.read_bytes()
    file.write_bytes(damage(whole, pages_of(whole, kind)[-1]))

    def refused() -> bool:
        with pytest.raises(FileError, match=f"^{re.escape(str(path))}: is damaged: page "):
            LmdbRecords(path).read(0, 301)
        return True

    assert holds_in_child(refused)


def test_missing_items_are_an_error(make_database: Callable, random_images: Callable):
    path = make_database(random_images(30, 1, 4, 5))
    file = path / "data.mdb"
    data = file.read_bytes()
    (leaf,) = pages_of(data, LEAF)
    file.write_bytes(put(data, leaf + 12, 16 + 2 * 20))
    with pytest.raises(FileError, match="is damaged: it holds 20 items and should hold 30"):
        LmdbRecords(path).read(0, 30)
