"""Densities around points, place by place."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

PARAM = "hotspot_param { data_height: 50 data_width: 40 gaussian_std: 0.8 %s }"
POINTS = torch.tensor([[3.0, -20, 11, 8], [-19, 25, 0, 0], [5, 5, -5, -5]]).double()


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("middle", [True, False])
def test_densities(phase, middle):
    top = top_of("Hotspot", PARAM % f"output_height: 6 output_width: 7 mean_removed: {str(middle).lower()}", phase, p=POINTS)
    assert top.shape == (3, 2, 6, 7)
    expected = torch.zeros(3, 2, 6, 7).double()
    for n, p, i, j in torch.cartesian_prod(*map(torch.arange, expected.shape)).tolist():
        x = (POINTS[n, 2 * p].item() / 40 + 0.5 * middle) * 7
        y = (POINTS[n, 2 * p + 1].item() / 50 + 0.5 * middle) * 6
        density = math.exp(-((x - j) ** 2 + (y - i) ** 2) / (2 * 0.64)) / (2 * math.pi * 0.64)
        expected[n, p, i, j] = density if density > 1e-4 else 0
    assert (expected == 0).any()
    torch.testing.assert_close(top, expected)


def test_the_size_of_another_bottom():
    like = torch.zeros(1, 5, 4, 9).double()
    assert top_of("Hotspot", PARAM % "", p=POINTS, like=like).shape == (3, 2, 4, 9)


@pytest.mark.parametrize(("param", "shape", "words"), [
    (PARAM % "output_height: 6", (2, 4), "wants `output_height` and `output_width`, or a second bottom"),
    (PARAM % "output_height: 6 output_width: 7", (2, 3), "wants two numbers a point"),
    ("hotspot_param { output_height: 6 output_width: 7 }", (2, 4), "needs a `data_height`"),
])
def test_refusals(param, shape, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("Hotspot", param, p=shape)
