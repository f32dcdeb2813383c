"""``caffe.coord_map``: `netdef.builder.coord_map` with the results and errors of the original, for scripts that use these."""

from __future__ import annotations

import numpy as np

from netdef.builder import coord_map as builder
from netdef.builder.net_spec import Function, Top

CoordMap = tuple[int | None, np.ndarray | float, np.ndarray | float]
"""Axis, scale and shift: numpy arrays of one number, or one an axis. Without axes (None, 1, 0)."""


class UndefinedMapException(Exception):
    """A layer that has no map between its bottom and its top."""


class AxisMismatchException(Exception):
    """Maps over different axes."""


def coord_map(fn: Function) -> CoordMap:
    """The map from a layer's bottom to its top. Raises `UndefinedMapException` if there is none."""
    try:
        return _arrays(builder.layer_map(fn).inverse())
    except builder.CoordMapError as error:
        raise UndefinedMapException(str(error)) from None


def coord_map_from_to(top_from: Top, top_to: Top) -> CoordMap:
    """Place i of ``top_from`` is place ``a * i + b`` of ``top_to``: (axis, a, b).

    Raises RuntimeError for tops that no layers with maps connect, `AxisMismatchException` for maps over other axes.
    """
    try:
        return _arrays(builder.coord_map_from_to(top_from, top_to))
    except builder.AxisMismatchError as error:
        raise AxisMismatchException(str(error)) from None
    except builder.CoordMapError as error:
        raise RuntimeError(f"Could not compute map between tops: {error}") from None


def compose(base_map: CoordMap, next_map: CoordMap) -> CoordMap:
    """The map of ``next_map`` and then ``base_map``."""
    (axis, a1, b1), (other, a2, b2) = base_map, next_map
    if None not in (axis, other) and axis != other:
        raise AxisMismatchException(f"axis {axis} and axis {other}")
    return other if axis is None else axis, a1 * a2, a1 * b2 + b1


def inverse(coord_map: CoordMap) -> CoordMap:
    """The inverse of a map."""
    axis, a, b = coord_map
    return axis, 1 / a, -b / a


def crop(top_from: Top, top_to: Top) -> Top:
    """A Crop layer that cuts the region over ``top_to`` out of ``top_from``.

    Raises AssertionError if their places are not whole numbers apart, or if something of ``top_to`` lies outside.
    """
    _, a, b = coord_map_from_to(top_from, top_to)
    if not np.all(a == 1):
        raise AssertionError(f"scale mismatch on crop (a = {a})")
    if not np.all(b <= 0):
        raise AssertionError(f"cannot crop negative offset (b = {b})")
    if not np.all(np.round(b) == b):
        raise AssertionError(f"cannot crop noninteger offset (b = {b})")
    return builder.crop(top_from, top_to)


def _arrays(found: builder.CoordMap) -> CoordMap:
    if found.axis is None:
        return None, 1, 0
    count = max(len(found.scale), len(found.shift))
    a, b = (np.array([float(x) for x in numbers * (count // len(numbers))]) for numbers in (found.scale, found.shift))
    return found.axis, a, b
