"""Coordinate maps between blobs, by arithmetic. In nets: `test_coord_map`."""

from __future__ import annotations

from fractions import Fraction

import pytest

from netdef.definition.coordinate_maps import AxisMismatchError, CoordMap, CoordMapError, layer_map
from netdef.schema.messages import LayerParameter


def test_maps_compose_and_have_an_inverse():
    pool = CoordMap(1, (Fraction(2),), (Fraction(1, 2),))
    conv = CoordMap(1, (Fraction(1),), (Fraction(-3),))
    both = pool.then(conv)
    assert (both.axis, both.scale, both.shift) == (1, (2,), (Fraction(-5, 2),))
    back = both.then(both.inverse())
    assert (back.axis, back.scale, back.shift) == (1, (1,), (0,))


def test_maps_over_other_axes_do_not_compose():
    with pytest.raises(AxisMismatchError, match="axis 1 and axis 2"):
        CoordMap(1, (Fraction(1),), (Fraction(0),)).then(CoordMap(2, (Fraction(1),), (Fraction(0),)))


def test_padding_of_single_sides_shifts_by_what_is_in_front():
    message = LayerParameter()
    message.convolution_param.kernel_size.append(3)
    message.convolution_param.pad_t, message.convolution_param.pad_r = 2, 5
    assert layer_map("Convolution", message).shift == (Fraction(-1), Fraction(1))
    message.pooling_param.kernel_size, message.pooling_param.pad_l = 2, 1
    assert layer_map("Pooling", message).shift == (Fraction(1, 2), Fraction(-1, 2))
    message.pooling_param.pad_type = 1
    with pytest.raises(CoordMapError, match="a layer with `pad_type` has no map of places"):
        layer_map("Pooling", message)
