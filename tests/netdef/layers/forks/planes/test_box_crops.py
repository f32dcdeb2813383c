"""CropBBox: maps within boxes."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

# image, class, number, x1, y1, x2, y2, difficult; on 4 x 5 rows 0, 1 and columns 1 to 3; rows 1 to 3, columns 0, 1; row 0,
# columns 3, 4; no box, and one behind it
BOXES = torch.tensor([[0, 3, 0, 0.3, 0.1, 0.8, 0.5, 0], [1, 2, 0, -0.2, 0.4, 0.4, 1.3, 0], [1, 2, 1, 0.6, 0, 1, 0.25, 1],
                      [-1] * 8, [0, 1, 0, 0, 0, 1, 1, 0]], dtype=torch.float64)[None, None]
PLACES = [(slice(0, 2), slice(1, 4)), (slice(1, 4), slice(0, 2)), (slice(0, 1), slice(3, 5))]


def masks(images: int, *of: tuple[int, int]) -> torch.Tensor:
    """1 in boxes of images: (image, box) each."""
    mask = torch.zeros(images, 1, 4, 5).double()
    for image, box in of:
        mask[image, 0][PLACES[box]] = 1
    return mask


@pytest.mark.parametrize(("param", "phase", "wanted"), [
    ("", "TRAIN", masks(2, (0, 0), (1, 1), (1, 2))),
    ("use_difficult_gt: false", "TRAIN", masks(2, (0, 0), (1, 1))),
    ("is_crop_cls: true use_difficult_gt: false", "TEST", masks(2, (0, 0), (1, 1))),
    ("is_crop_all: true use_difficult_gt: false", "TEST", masks(2, (0, 0), (1, 1), (1, 2))),
    ("is_crop_score_map: true", "TEST", masks(2, *((image, box) for image in (0, 1) for box in (0, 1, 2)))),
])
def test_maps_within_the_boxes_of_their_image(param: str, phase: str, wanted: torch.Tensor):
    x = draw(2, 3, 4, 5).requires_grad_()
    net = one_layer("CropBBox", f"crop_bbox_param {{ {param} }}", phase, x=x, b=BOXES)
    top = net(x=x, b=BOXES)["y0"]
    assert torch.equal(top, x * wanted)
    (gradient,) = torch.autograd.grad(top.sum(), x)
    assert torch.equal(gradient, wanted.expand_as(x))


def test_one_image_within_each_box():
    x = draw(1, 3, 4, 5)
    top = top_of("CropBBox", "", x=x, b=BOXES)
    assert torch.equal(top, x * masks(5, (0, 0), (1, 1), (2, 2)))


@pytest.mark.parametrize(("shapes", "complaint"), [
    ({"x": (2, 3, 4, 5), "b": (1, 1, 3, 8)}, "an item of each box of one image"),
    ({"x": (1, 3, 4, 5), "b": (1, 1, 3, 7)}, r"wants boxes \(1, 1, count, 8\)"),
])
def test_what_does_not_fit_is_refused(shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("CropBBox", "", **shapes)
