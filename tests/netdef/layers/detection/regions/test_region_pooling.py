"""RegionPooling by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

PARAM = "region_pooling_param {{ num_regions: {} num_samples: {} num_features: {} num_rfcn_regions: {} }}"


def test_the_mean_of_weighted_values():
    maps = torch.arange(48.0).reshape(1, 4, 3, 4).double()  # two regions of two features
    points = torch.tensor([[1.9, 1.2]]).double()  # column 1, row 1
    places = torch.tensor([[[1, 1], [-1, 0], [2.6, -1]]]).double()
    weights = torch.tensor([[[1, 2], [10, 0], [0, -2]]]).double()
    top = top_of("RegionPooling", PARAM.format(1, 3, 2, 2), a=maps, b=points, c=places, d=weights)
    # Cells 2 + 4 * 2, 0 + 4 * 1 and 3 + 4 * 0 of planes of 12; the regions are 24 apart.
    assert top.tolist() == [[[[(10 + 2 * 34) / 2, (22 + 2 * 46) / 2], [4 * 5, 16 * 5], [-27, -39]]]]


def test_a_place_outside_has_zero():
    maps, points, weights = draw(1, 2, 3, 5), torch.zeros(2, 2).double(), torch.ones(2, 1, 2, 1).double()
    places = torch.tensor([[[5, 0], [4, 2]], [[0, -1], [0, 3]]]).double()
    top = top_of("RegionPooling", PARAM.format(1, 2, 2, 1), a=maps, b=points, c=places, d=weights)
    assert torch.equal(top[0, 0, 1], maps[0, :, 2, 4])
    assert top[0, 0, 0].tolist() == [0, 0] and top[1].abs().max() == 0


def test_the_gradient_is_of_the_maps_alone():
    maps = draw(1, 6, 3, 4).requires_grad_()
    others = {"b": torch.tensor([[1.0, 1], [2, 0]]).double(), "c": (torch.arange(40) % 3 - 1.0).double().reshape(2, 10, 2),
              "d": draw(2, 10, 3, seed=2).requires_grad_()}
    net = one_layer("RegionPooling", PARAM.format(2, 5, 2, 3), "TRAIN", a=maps, **others)
    top = net(a=maps, **others)["y0"]
    assert top.shape == (2, 2, 5, 2)
    assert gradcheck(lambda maps: net(a=maps, **others)["y0"], (maps,))
    assert torch.autograd.grad(top.sum(), others["d"], allow_unused=True) == (None,)


@pytest.mark.parametrize(("shapes", "complaint"), [
    (((1, 5, 3, 4), (1, 2), (1, 3, 2), (1, 3, 2)), "wants maps of one item with 2 x 2 channels"),
    (((1, 4, 3, 4), (5, 3), (1, 3, 2), (1, 3, 2)), "wants 10 numbers for 5 points"),
    (((1, 4, 3, 4), (1, 2), (1, 4, 2), (1, 3, 2)), "wants 6 numbers for 1 points"),
    (((1, 4, 3, 4), (1, 2), (1, 3, 2), (1, 3, 4)), "wants 6 numbers for 1 points")])
def test_shapes_that_do_not_fit_are_refused(shapes: tuple[tuple[int, ...], ...], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("RegionPooling", PARAM.format(1, 3, 2, 2), **dict(zip("abcd", shapes, strict=True)))
