from __future__ import annotations

import math

import numpy as np
import pytest

from dsd.display.number_text import decimal, number_text
from dsd.display.plotting import curve_label


@pytest.mark.parametrize("value, text", [
    (0.123456, "0.1235"), (-12.0, "-12"), (math.nan, "not finite"), (-math.inf, "not finite")])
def test_numbers_are_text(value, text):
    assert number_text(value) == text


def test_a_number_has_the_digits_asked_for():
    assert number_text(0.123456, ".2f") == "0.12"


@pytest.mark.parametrize("values, text", [
    ((1.0, 2.0, 3.0), "a"), ((1.0, math.nan, 3.0), "a"), ((1.0, math.nan, math.inf), "a, not finite from 10 on"),
    ((math.nan, math.nan, math.nan), "a, not finite from 0 on")])
def test_a_curve_says_where_it_ends(values, text):
    assert curve_label("a", zip((0, 10, 20), values)) == text


@pytest.mark.parametrize("text", ["0.1", "1e-05", "0.3", "65504", "-0.0078125"])
def test_a_float32_is_the_decimal_number_that_was_read(text):
    assert decimal(float(np.float32(text))) == float(text)
