"""The random numbers of C programs on Linux."""

from __future__ import annotations

from itertools import islice

from netdef.layers.core.glibc_rand import glibc_rand


def test_numbers_of_the_c_library():
    """As `rand` of glibc is known to give them after `srand(1)`; the numbers after 31 use all of its words."""
    assert list(islice(glibc_rand(1), 5)) == [1804289383, 846930886, 1681692777, 1714636915, 1957747793]
    words = [1]
    for i in range(1, 34):
        words.append(16807 * words[i - 1] % 2147483647 if i < 31 else words[i - 31])
    for i in range(34, 500):
        words.append((words[i - 3] + words[i - 31]) % 2**32)
    assert list(islice(glibc_rand(1), 156)) == [word >> 1 for word in words[344:]]
