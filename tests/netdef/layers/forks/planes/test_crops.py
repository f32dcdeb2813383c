"""Parts of planes, pixel by pixel."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of
from torch.autograd import gradcheck

import netdef
from netdef.testing import check_layer

CORNERS = 'corner_crop_param { crop_h: 3 crop_w: 2 position: "upperright" position: "center" position: "lowerleft" }'
REGION = "sub_region_param { region_height: 3 region_width: 2 data_height: 51 data_width: 40 %s }"
POINTS = torch.tensor([[3.0, -20, 17, 8], [-19, 25, 0, 0]]).double()


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_both_ends_of_each_axis(phase):
    x = draw(2, 3, 7, 6)
    assert torch.equal(top_of("CropCenter", "crop_center_param { crop_size: [0, 1, 3, 2] }", phase, x=x), x[:, 1:2, 3:4, 2:4])
    check_layer('layer { name: "l" type: "CropCenter" bottom: "x" top: "y" crop_center_param { crop_size: [0, 0, 2, 1] } }',
                x=(2, 3, 7, 6))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_corners(phase):
    x = draw(2, 3, 5, 6)
    right, center, left = tops_of("CornerCrop", CORNERS, 3, phase, x=x)
    assert torch.equal(right, x[:, :, :3, 4:]) and torch.equal(center, x[:, :, 1:4, 2:4]) and torch.equal(left, x[:, :, 2:, :2])
    (other,) = tops_of("CornerCrop", 'corner_crop_param { crop_size: 3 position: "lowerright" }', 1, phase, x=draw(2, 3, 5, 7))
    assert torch.equal(other, draw(2, 3, 5, 7)[:, :, 2:, 4:])


def test_the_gradient_of_a_pixel_is_the_mean_of_its_parts():
    x = draw(1, 2, 5, 5).requires_grad_()
    param = 'corner_crop_param { crop_size: 3 position: "upperleft" position: "center" position: "lowerright" }'
    tops = one_layer("CornerCrop", param, "TRAIN", tops=3, x=x)(x=x).values()
    (gradient,) = torch.autograd.grad(sum(weight * top.sum() for weight, top in zip((1, 4, 10), tops)), x)
    both, all_of_them = (1 + 4) / 2, (1 + 4 + 10) / 3
    expected = torch.tensor([[1, 1, 1, 0, 0], [1, both, both, 4, 0], [1, both, all_of_them, 7, 10], [0, 4, 7, 7, 10],
                             [0, 0, 10, 10, 10]])
    torch.testing.assert_close(gradient[0, 1], expected.double())


def regions(x, points, height, width, image):
    """The parts of (N, P, C, height, width), and their corners, as loops."""
    parts = torch.zeros(len(x), points.shape[1] // 2, x.shape[1], height, width).double()
    corners = torch.zeros(len(x), points.shape[1] // 2, 2).double()
    for n in range(len(x)):
        for p in range(points.shape[1] // 2):
            left = math.floor((points[n, 2 * p].item() / image[1] + 0.5) * x.shape[3] - width // 2)
            top = math.floor((points[n, 2 * p + 1].item() / image[0] + 0.5) * x.shape[2] - height // 2)
            corners[n, p] = torch.tensor([left, top])
            for r in range(height):
                for c in range(width):
                    if 0 <= top + r < x.shape[2] and 0 <= left + c < x.shape[3]:
                        parts[n, p, :, r, c] = x[n, :, top + r, left + c]
    return parts, corners


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_parts_around_points(phase):
    x, true = draw(2, 3, 7, 6), draw(2, 4, seed=2)
    parts, corners = regions(x, POINTS, 3, 2, (51, 40))
    assert (parts == 0).any() and (parts != 0).any()
    top, offsets, middles = tops_of("SubRegion", REGION % "", 3, phase, x=x, p=POINTS, t=true)
    assert torch.equal(top, parts.flatten(1, 2))
    middle = (corners + torch.tensor([1.0, 1.5]) + 0.5) / torch.tensor([6.0, 7]) * torch.tensor([40.0, 51])
    torch.testing.assert_close(middles, middle.flatten(1))
    torch.testing.assert_close(offsets, true + torch.tensor([20.0, 25, 20, 25]) - middle.flatten(1))
    items = top_of("SubRegion", REGION % "as_dim: 0", phase, x=x, p=POINTS, t=true)
    assert torch.equal(items, parts.transpose(0, 1).flatten(0, 1))


def test_gradient_of_parts():
    x = draw(2, 1, 7, 6).requires_grad_()
    net = one_layer("SubRegion", REGION % "", "TRAIN", x=x, p=POINTS, t=POINTS)
    assert gradcheck(lambda x: net(x=x, p=POINTS, t=POINTS)["y0"], (x,))


@pytest.mark.parametrize(("kind", "param", "shapes", "words"), [
    ("CropCenter", "crop_center_param { crop_size: 1 }", {"x": (2, 3)}, "gives `crop_size` 1 times; its bottom has 2 axes"),
    ("CropCenter", "crop_center_param { crop_size: [0, 2] }", {"x": (2, 4)}, "cuts 2 from both ends of axis 1, which has size 4"),
    ("CornerCrop", 'corner_crop_param { crop_size: 2 position: "center" }', {"x": (1, 2, 5, 4)}, "less, by an even number"),
    ("CornerCrop", 'corner_crop_param { crop_size: 3 position: "left" }', {"x": (1, 2, 5, 5)}, "has the position `left`"),
    ("CornerCrop", "corner_crop_param { crop_size: 3 }", {"x": (1, 2, 5, 5)}, "has 1 tops and 0 `position`"),
    ("SubRegion", REGION % "", {"x": (2, 3, 7, 6), "p": (2, 3), "t": (2, 3)}, "points are two numbers each"),
    ("SubRegion", "", {"x": (2, 3, 7, 6), "p": (2, 4), "t": (2, 4)}, "needs a `region_height`"),
])
def test_refusals(kind, param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer(kind, param, **shapes)
