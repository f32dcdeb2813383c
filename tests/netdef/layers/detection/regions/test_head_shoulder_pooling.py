"""Means of people's heads and shoulders."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

PARAM = "hsroi_pooling_param { spatial_scale: 0.5 output_dim: 2 output_height: 3 }"
REGIONS = torch.tensor([[0.0, 1, 2, 10, 12], [1, 3.4, 0, 8, 7.5], [0, -6, -4, 3, 40], [1, 30, 30, 40, 40]]).double()


def expected(x: torch.Tensor, region: list[float], channel: int, height: int, part: int) -> float:
    """One mean as a loop."""
    image, left, top, right, bottom = region
    left, top, right, bottom = (round(left) * 0.5, round(top) * 0.5, (int(right + 0.5) + 1) * 0.5, (int(bottom + 0.5) + 1) * 0.5)
    wide, high = max(right - left, 0.1), max(bottom - top, 0.1)
    rows = [(top, bottom), (top, bottom - high / 2), (top + high / 2, bottom), (top + high / 2, bottom)][part]
    columns = [(left, right), (left + wide / 4, right - wide / 4), (left, right - wide / 2), (left + wide / 2, right)][part]
    (a, b), (c, d) = ([min(max(int(edge), 0), size) for edge in edges] for edges, size in ((rows, 6), (columns, 5)))
    values = x[int(image), (channel * 4 + part) * 3 + height, a:b, c:d]
    return values.mean().item() if values.numel() else 0.0


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_each_part_is_read_from_its_own_map(phase: str):
    x = draw(2, 24, 6, 5)
    found = top_of("HSROIPooling", PARAM, phase, x=x, r=REGIONS)
    assert found.shape == (4, 2, 3, 4)
    for r in range(4):
        for channel in range(2):
            for height in range(3):
                wanted = [expected(x, REGIONS[r].tolist(), channel, height, part) for part in range(4)]
                assert found[r, channel, height].tolist() == pytest.approx(wanted)


def test_gradient():
    x = draw(2, 24, 6, 5).requires_grad_()
    net = one_layer("HSROIPooling", PARAM, "TRAIN", x=x, r=REGIONS)
    assert gradcheck(lambda x: net(x=x, r=REGIONS)["y0"], (x,))


def test_other_numbers_of_maps_are_refused():
    with pytest.raises(netdef.SpecError, match="2 x 3 x 4 channels"):
        one_layer("HSROIPooling", PARAM, x=(2, 20, 6, 5), r=(4, 5))
