"""Check the pages of an LMDB before liblmdb reads them: it trusts them, and ends the process over damaged ones.

A page is a head of 16 bytes (its number, its kind, where its list of nodes ends), the places of its nodes in the order
of the keys, and from the other end the nodes. A node is a head of 8 bytes, a key, and in a leaf the value or, if that
is large, the number of the first of the pages that hold it; a node of a branch names a page one level below.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from mmap import mmap

import numpy as np

_BRANCH, _LEAF, _OVERFLOW, _KINDS = 0x01, 0x02, 0x04, 0x2F
_HEAD, _NODE = 16, 8
_LARGE = 0x01  # flag of a node: its value has pages of its own
_SEVERAL = 0x04  # flag of a database: keys may have several values
# Of a meta page: which the file was left with, and its main database's flags, levels, items and root.
_META = struct.Struct("<I I Q Q 48x I H H Q Q Q Q Q Q Q")


def checked_leaves(data: mmap, page_size: int, last_page: int) -> Iterator[int]:
    """Check the leaf pages in the order of the keys, and yield the number of items of each, once they are safe to read.

    Raises ValueError about the first page that is damaged.
    """
    tree = _Tree(data, page_size, last_page)
    metas = [_META.unpack_from(data, start + _HEAD) for start in (0, page_size)]
    *_, flags, levels, _, _, _, items, root, _, _ = max(metas, key=lambda meta: meta[-1])
    if flags & _SEVERAL:
        raise ValueError("its keys may have several values each, as in no data set of Caffe's")
    found = 0
    for count in tree.leaves(root, levels) if levels else ():
        found += count
        yield count
    if found != items:
        raise ValueError(f"it holds {found} items and should hold {items}")


class _Tree:
    """The tree of pages of an LMDB file mapped into memory."""

    def __init__(self, data: mmap, page_size: int, last_page: int):
        self.data = data
        self.bytes = np.frombuffer(data, np.uint8)
        self.page_size = page_size
        self.last_page = last_page

    def leaves(self, page: int, level: int) -> Iterator[int]:
        """The number of items of each leaf below a page, which is ``level`` - 1 levels above them."""
        nodes = self.nodes(page, _LEAF if level == 1 else _BRANCH)
        low, high, flags, key_size = self.numbers(nodes, "<u2", 4).T
        if level == 1:
            size = low + (high << 16)
            large = (flags & _LARGE) != 0
            ends = nodes + _NODE + key_size + np.where(large, 8, size)
            if (ends > (page + 1) * self.page_size).any():
                raise ValueError(f"page {page}, of items, has one that goes beyond the page")
            if large.any():
                self.check_large(page, (nodes + _NODE + key_size)[large], size[large])
            yield len(nodes)
            return
        for child in (low + (high << 16) + (flags << 32)).tolist():
            yield from self.leaves(child, level - 1)

    def nodes(self, page: int, kind: int) -> np.ndarray:
        """The offsets of a page's nodes in the file, after checking the page's head."""
        name = "items" if kind == _LEAF else "further pages"
        if not 2 <= page <= self.last_page:
            raise ValueError(f"page {page}, of {name}, is not there")
        start = page * self.page_size
        number, _, kinds, end = struct.unpack_from("<Q H H H", self.data, start)
        if number != page or kinds & _KINDS != kind:
            raise ValueError(f"page {page} should be one of {name}, and is not")
        count = (end - _HEAD) // 2
        if not (1 if kind == _LEAF else 2) <= count or end > self.page_size:
            raise ValueError(f"page {page}, of {name}, gives {count} as their number")
        places = np.frombuffer(self.data, "<u2", count, start + _HEAD).astype(np.int64)
        if places.min() < end or places.max() > self.page_size - _NODE:
            raise ValueError(f"page {page}, of {name}, has one at a place that is none")
        return start + places

    def numbers(self, places: np.ndarray, kind: str, count: int) -> np.ndarray:
        """Read ``count`` numbers of a numpy type at each place in the file; shape (places, count)."""
        size = np.dtype(kind).itemsize * count
        return self.bytes[places[:, None] + np.arange(size)].view(kind).astype(np.int64)

    def check_large(self, page: int, places: np.ndarray, size: np.ndarray) -> None:
        """Check the pages of large values, whose numbers lie at ``places``."""
        first = self.numbers(places, "<u8", 1)[:, 0]
        pages = -(-(_HEAD + size) // self.page_size)
        there = (first >= 2) & (first <= self.last_page + 1 - pages)
        if there.all():
            number, rest = self.numbers(first * self.page_size, "<u8", 2).T
            kinds, have = rest >> 16 & 0xFFFF, rest >> 32 & 0xFFFFFFFF
            there = (number == first) & (kinds & _KINDS == _OVERFLOW) & (have >= pages)
        if not there.all():
            raise ValueError(f"page {page}, of items, has one whose value is not where it should be")
