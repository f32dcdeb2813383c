"""Numbers of Python 2."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest

from dsd.pycaffe.python2 import operators


def test_whole_numbers_divide_without_remainder():
    assert operators.divide(7, 2) == 3 and operators.divide(-7, 2) == -4 and operators.divide(7.0, 2) == 3.5
    assert operators.divide(np.array([7, 9]), 2).tolist() == [3, 4]
    array = np.array([7, 9])
    assert operators.divide_in_place(array, 2) is array and array.tolist() == [3, 4]


@pytest.mark.parametrize(("number", "digits", "wanted"), [
    (2.5, 0, 3), (3.5, 0, 4), (-0.5, 0, -1), (-2.4, 0, -2), (0.49999999999999994, 0, 0), (7, 0, 7), (np.float32(1.5), 0, 2),
    (2.125, 2, 2.13), (2.675, 2, 2.67), (1250, -2, 1300), (1e300, 0, 1e300), (1e22, 5, 1e22)])
def test_halves_are_rounded_away_from_zero(number, digits, wanted):
    found = operators.round_half_away(number, digits)
    assert found == wanted and isinstance(found, float)


def test_what_is_not_finite_stays():
    assert operators.round_half_away(math.inf) == math.inf and math.isnan(operators.round_half_away(math.nan))


def test_values_of_different_types_have_an_order():
    less = operators.ordered(operator.lt)
    assert less(None, -5) and less(3, "a") and less([1], "a") and not less("a", 9) and less(1, 2)


def test_comparisons_by_cmp():
    class Number(int):
        def __cmp__(self, other):
            return (self > other) - (self < other)

    assert operators.compared(operator.le)(Number(2), Number(2)) and not operators.compared(operator.gt)(Number(2), Number(3))
