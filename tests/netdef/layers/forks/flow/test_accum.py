"""Accum."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def ramps(height: int, width: int) -> torch.Tensor:
    """Maps (1, 2, height, width) of the part of the height and of the width at each place."""
    rows = torch.linspace(0, 1, height).double()[:, None].expand(height, width)
    return torch.stack((rows, torch.linspace(0, 1, width).double().expand(height, width)))[None]


@pytest.mark.parametrize("param, size", [
    ("", (4, 5)), ("top_height: 7 top_width: 6", (7, 6)), ("top_height: 7 top_width: 5", (4, 5)),
    ("size_divisible_by: 3", (6, 6)),
    ("size_divisible_by: 4", (4, 5)), ("size_divisible_by: 3 top_height: 9 top_width: 9", (6, 6))])
def test_maps_in_one_size(param, size):
    top = top_of("Accum", f"accum_param {{ {param} }}", a=ramps(4, 3), b=ramps(2, 5))
    torch.testing.assert_close(top, torch.cat((ramps(*size), ramps(*size)), 1))


def test_the_size_of_a_reference():
    top = top_of("Accum", "accum_param { have_reference: true }", a=ramps(4, 3), b=ramps(2, 5), r=draw(2, 7, 3, 6))
    torch.testing.assert_close(top, torch.cat((ramps(3, 6), ramps(3, 6)), 1))


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="has one bottom"):
        one_layer("Accum", "accum_param { have_reference: true }", a=(2, 3, 4, 5))
    with pytest.raises(netdef.SpecError, match="as many images"):
        one_layer("Accum", "", a=(2, 3, 4, 5), b=(1, 3, 4, 5))
    with pytest.raises(netdef.SpecError, match="`size_divisible_by`"):
        one_layer("Accum", "accum_param { size_divisible_by: 0 }", a=(2, 3, 4, 5))
