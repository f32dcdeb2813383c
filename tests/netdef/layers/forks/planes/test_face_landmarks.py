"""Masks about landmarks of a face, and landmarks in a crop."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef

PARAM = "au_mask_based_land_param {{ img_size: 40 spatial_ratio: 0.25 spatial_scale: 0.3 fill_coeff: 0.05 {} }}"
# Of each mask, as the fork has them: two landmarks, and what part of the eyes' distance the centre lies below.
CENTRES = [((4, 5), -1 / 2), ((1, 8), -1 / 3), ((2, 7), 1 / 3), ((24, 29), 1), ((21, 26), 0), ((43, 45), 0), ((31, 37), 0),
           ((31, 37), 0), ((31, 37), 0), ((39, 41), 1 / 2), ((34, 40), 0), ((34, 40), 0)]


def round_half_away(value: float) -> int:
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_masks_about_two_centres(phase: str):
    points = torch.rand(2, 49, 2, generator=torch.Generator().manual_seed(3)).double() * 46 - 3
    masks = tops_of("AUMaskBasedLand", PARAM.format("fill_value: 0.1"), 13, phase, x=points.reshape(2, 98, 1, 1))
    reach, size = 39 / 2 * 0.25, 12
    for item in range(2):
        eyes = abs(points[item, 22, 0] - points[item, 25, 0]).item()
        greatest = [[0.1] * size for _ in range(size)]
        for mask, (landmarks, below) in zip(masks, CENTRES):
            expected = [[0.1] * size for _ in range(size)]
            for landmark in landmarks:
                x, y = points[item, landmark].tolist()
                y += below * eyes
                for row in range(size):
                    for column in range(size):
                        low = [min(max(round_half_away((c - reach) * 0.3), 0), size - 1) for c in (y, x)]
                        high = [min(max(round_half_away((c + reach) * 0.3), 0), size - 1) for c in (y, x)]
                        if low[0] <= row <= high[0] and low[1] <= column <= high[1]:
                            away = abs(row - y * 0.3) + abs(column - x * 0.3)
                            expected[row][column] = max(1 - away * 0.05 * 100 / 12, 0.1)
                            greatest[row][column] = max(greatest[row][column], expected[row][column])
            torch.testing.assert_close(mask[item, 0], torch.tensor(expected).double(), rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(masks[12][item, 0], torch.tensor(greatest).double(), rtol=1e-5, atol=1e-6)


def test_another_kind_of_filling_fills_nothing():
    masks = tops_of("AUMaskBasedLand", PARAM.format('fill_type: "round" fill_value: 0.25'), 13, x=draw(2, 98))
    assert all(mask.shape == (2, 1, 12, 12) and (mask == 0.25).all() for mask in masks)


@pytest.mark.parametrize(("param", "shape", "complaint"), [
    (PARAM.format(""), (2, 96), "49 landmarks"), ("", (2, 98), "`img_size`"),
    ("au_mask_based_land_param { img_size: 40 }", (2, 98), "`spatial_scale`")])
def test_what_does_not_fit_is_refused(param: str, shape: tuple[int, ...], complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("AUMaskBasedLand", param, tops=13, x=shape)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_landmarks_follow_the_crop(phase: str):
    """The second item is mirrored in a crop of 10: x becomes 9 - (x - 3), and landmarks 1 and 2 change places."""
    x = torch.tensor([[1.0, 2, 3, 4, 5, 6], [4, 8, 9, 7, 5, 6]]).double()
    crops = torch.tensor([[0.0, 10, 1, 2], [1, 10, 4, 3]]).double()[..., None, None]
    index = torch.tensor([[2.0, 1, 3], [1, 2, 3]]).double()
    found = top_of("AlignDataTransform", "", phase, x=x, c=crops, i=index)
    assert found.shape == (2, 6, 1, 1)
    assert found.flatten(1).tolist() == [[-1, 1, 1, 3, 3, 5], [3, 3, 8, 4, 7, 2]]
    net = one_layer("AlignDataTransform", "", phase, x=x, c=crops, i=index)
    assert gradcheck(lambda x: net(x=x, c=crops, i=index)["y0"], (x.requires_grad_(),))


def test_landmarks_without_partners_are_refused():
    with pytest.raises(netdef.SpecError, match="a number for each landmark"):
        one_layer("AlignDataTransform", x=(2, 6), c=(2, 4), i=(1, 2))
