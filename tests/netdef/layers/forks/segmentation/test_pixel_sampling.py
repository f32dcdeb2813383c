"""RandBI pixel by pixel."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import NetdefError, SpecError

PIXELS = torch.tensor([[0.0, 1, 2], [1, 4, 5], [1, 0, 0], [0, 3, 1]]).double()


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("pad", ["true", "false"])
def test_pixels_of_maps_of_two_sizes(phase, pad):
    maps = {"a": draw(2, 3, 5, 6), "b": draw(2, 4, 3, 4, seed=2)}
    param = f"rand_comp_param {{ compression_rate: 1 compression_rate: 2 pad: {pad} }}"
    top = top_of("RandBI", param, phase, **maps, i=PIXELS)
    assert top.shape == (4, 7)
    for row, (n, y, x) in zip(top, PIXELS.tolist()):
        assert torch.equal(row[:3], maps["a"][int(n), :, int(y), int(x)])
        v, u = (max(0.0, (place - (0.5 if pad == "true" else 0)) / 2) for place in (y, x))
        wanted = torch.zeros(4).double()
        for i in range(3):
            for j in range(4):
                share = max(0.0, 1 - abs(v - i)) * max(0.0, 1 - abs(u - j))
                wanted += share * maps["b"][int(n), :, i, j]
        torch.testing.assert_close(row[3:], wanted)


def test_pixels_beyond_a_map_are_an_error():
    net = one_layer("RandBI", "rand_comp_param { compression_rate: 2 }", a=(2, 3, 5, 6), i=(1, 3))
    for pixel in ([2.0, 0, 0], [-1.0, 0, 0], [0.0, 9, 0], [0.0, 0, 10.5], [math.inf, 0, 0]):
        with pytest.raises(NetdefError, match=r"pixel .* beyond a map of shape \(2, 3, 5, 6\) with a place for every 2 pixels"):
            net(a=draw(2, 3, 5, 6), i=torch.tensor([pixel]).double())
    net(a=draw(2, 3, 5, 6), i=torch.tensor([[1.0, 8, 10]]).double())


@pytest.mark.parametrize(("param", "shapes", "words"), [
    ("compression_rate: 1", {"a": (2, 3, 5, 6), "i": (4, 2)}, r"wants pixels of shape \(pixels, 3\) .* \(4, 2\)"),
    ("compression_rate: 1", {"a": (2, 3, 5, 6), "b": (2, 4, 3, 4), "i": (4, 3)}, "gives `compression_rate` 1 times for 2 maps"),
    ("compression_rate: 0", {"a": (2, 3, 5, 6), "i": (4, 3)}, "`compression_rate` of 0; it must be at least 1"),
])
def test_refusals(param, shapes, words):
    with pytest.raises(SpecError, match=words):
        one_layer("RandBI", f"rand_comp_param {{ {param} }}", **shapes)
