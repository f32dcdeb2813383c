"""The numbers of a column."""

from __future__ import annotations

import math

import pytest

from dsd.report.columns import column_texts


@pytest.mark.parametrize("cells, texts", [
    ([98.7612, 8.1234, 0.5], ["98.76", "8.12", "0.50"]),  # four digits of the largest number
    ([2.3025851, 0.0012345], ["2.3026", "0.0012"]),  # two digits of the smallest
    ([8.0, 7.5, 10.0], ["8.0", "7.5", "10.0"]),  # no zeros that all have
    ([3.0, 12.0], ["3", "12"]),
    ([0.0, 0.25], ["0.00", "0.25"]),
    ([0.1, 1e-9], ["1.000e-01", "1.000e-09"]),  # decimals would hide the smaller one
    ([1.5e9, 2.25e9], ["1.500e+09", "2.250e+09"]),
    ([-0.75, 0.5], ["-0.75", "0.50"]),
    ([None, 0.5, "by size", 1234, math.nan], ["\N{EN DASH}", "0.5", "by size", "1,234", "not finite"]),
    ([0.0, None], ["0", "\N{EN DASH}"]),
])
def test_one_rounding_a_column(cells, texts):
    assert column_texts(cells) == texts
