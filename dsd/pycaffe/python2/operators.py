"""Operators and functions on numbers that mean something else in Python 2."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import numpy as np

_EXACT = Context(prec=1000)  # digits: more than a float has


def divide(a: Any, b: Any) -> Any:
    """``a / b`` of Python 2: between whole numbers it rounds down."""
    return a // b if _is_whole(a) and _is_whole(b) else a / b


def divide_in_place(a: Any, b: Any) -> Any:
    """``a /= b`` of Python 2."""
    return operator.ifloordiv(a, b) if _is_whole(a) and _is_whole(b) else operator.itruediv(a, b)


def ordered(compare: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Compare as Python 2 does: None below numbers, numbers below all else, other types by their names."""

    def in_order(a: Any, b: Any) -> Any:
        try:
            return compare(a, b)
        except TypeError:
            return compare(*((x is not None, not isinstance(x, (int, float)), type(x).__name__) for x in (a, b)))

    return in_order


def compared(compare: Callable[[int, int], bool]) -> Callable[[Any, Any], Any]:
    """A comparison of today by ``__cmp__``."""
    return lambda a, b: compare(a.__cmp__(b), 0)


def round_half_away(number: Any, ndigits: int = 0) -> float:
    """``round`` of Python 2: a float, with halves away from zero."""
    value = float(number)
    if not np.isfinite(value):
        return value
    return float(Decimal(value).quantize(Decimal(1).scaleb(-ndigits), ROUND_HALF_UP, _EXACT))


def _is_whole(x: Any) -> bool:
    return isinstance(x, (int, np.integer)) or (isinstance(x, np.ndarray) and x.dtype.kind in "iub")
