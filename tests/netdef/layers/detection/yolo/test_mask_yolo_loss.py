"""YoloLoss of MaskYolo, number by number."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

import netdef

ANCHORS = "anchor_x: 40 anchor_x: 120 anchor_x: 200 anchor_y: 60 anchor_y: 90 anchor_y: 180"
PARAM = (f"yolo_loss_param {{{{ num_class: 2 num_object: 3 {ANCHORS} mask: 2 mask: 0 net_w: 400 net_h: 300 object_scale: 3 "
         "noobject_scale: 0.5 class_scale: 2 coord_scale: 4 {} }}")
SIZES = [(0.1, 0.2), (0.3, 0.3), (0.5, 0.6)]
MASK = [2, 0]


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


def overlap(a: tuple, b: tuple) -> float:
    """Of boxes of centre and sizes."""
    both = 1.0
    for i in (0, 1):
        both *= max(0, min(a[i] + a[i + 2] / 2, b[i] + b[i + 2] / 2) - max(a[i] - a[i + 2] / 2, b[i] - b[i + 2] / 2))
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def by_hand(x: torch.Tensor, truths: list[list[tuple]], ignored: tuple = (0, 0), near: float = 0.5) -> tuple[float, torch.Tensor]:
    """The loss and its gradient of maps (N, 14, H, W); true boxes x, y, w, h, class of each image."""
    n, _, height, width = x.shape
    d, squares, count, others, places = torch.zeros_like(x), 0.0, 0, 0.0, 0
    for image in range(n):
        for k, anchor in enumerate(MASK):
            for j in range(height):
                for i in range(width):
                    v = x[image, 7 * k : 7 * k + 7, j, i].tolist()
                    box = ((i + sigmoid(v[0])) / width, (j + sigmoid(v[1])) / height, math.exp(v[2]) * SIZES[anchor][0],
                           math.exp(v[3]) * SIZES[anchor][1])
                    if sigmoid(v[4]) >= 0.01 and all(overlap(box, truth) <= near for truth in truths[image]):
                        d[image, 7 * k + 4, j, i] = 0.5 * sigmoid(v[4])
                        others, places = others + sigmoid(v[4]) ** 2, places + 1
        for truth in truths[image]:
            overlaps = [overlap((0, 0, *truth[2:4]), (0, 0, *size)) for size in SIZES]
            best = overlaps.index(max(overlaps))
            if best not in MASK:
                continue
            k, i, j = MASK.index(best), int(truth[0] * width), int(truth[1] * height)
            v = x[image, 7 * k : 7 * k + 7, j, i].tolist()
            wanted = [truth[0] * width - i, truth[1] * height - j, math.log(truth[2] / SIZES[best][0]),
                      math.log(truth[3] / SIZES[best][1]), 1, float(truth[4] == 0), float(truth[4] == 1)]
            found = [value if place in (2, 3) else sigmoid(value) for place, value in enumerate(v)]
            errors = [value - right for value, right in zip(found, wanted)]
            counts = truth[0] >= ignored[0] or truth[1] >= ignored[1]
            scale = [4 + 2 * (1 - truth[2] * truth[3])] * 4 + [3 if counts else 0, 2, 2]
            d[image, 7 * k : 7 * k + 7, j, i] = torch.tensor([a * b for a, b in zip(errors, scale)])
            squares, count = squares + sum(error**2 for error in errors), count + counts
    return squares / (count + 0.01) + others / (places + 0.01), d / n


TRUTHS = [[(0.3, 0.4, 0.4, 0.5, 1), (0.8, 0.6, 0.12, 0.2, 0), (0.5, 0.5, 0.3, 0.28, 1)], [(0.1, 0.2, 0.5, 0.4, 0)]]


@pytest.mark.parametrize(("param", "ignored", "near"), [
    ("", (0, 0), 0.5), ("ignore_w: 0.5 ignore_h: 0.3", (0.5, 0.3), 0.5), ("ignore_thresh: 0.2", (0, 0), 0.2)])
def test_loss_and_gradient(param: str, ignored: tuple, near: float):
    """The third box of image 0 is nearest to anchor 1, which is another map's."""
    x = draw(2, 14, 4, 5)
    x[0, 4, 0, 0] = -6  # an object less sure than 0.01
    labels = torch.zeros(2, 1, 4, 5).double()
    for image, boxes in enumerate(TRUTHS):
        labels[image, 0, : len(boxes)] = torch.tensor(boxes)
    x.requires_grad_()
    loss = one_layer("YoloLoss", PARAM.format(param), "TRAIN", x=x, t=labels)(x=x, t=labels)["y0"]
    wanted, gradient = by_hand(x.detach(), TRUTHS, ignored, near)
    assert loss.item() == pytest.approx(wanted)
    torch.testing.assert_close(torch.autograd.grad(loss, x)[0], gradient, rtol=1e-5, atol=1e-6)


def test_no_true_boxes():
    x, labels = draw(1, 14, 2, 3), torch.zeros(1, 10).double()
    loss = one_layer("YoloLoss", PARAM.format(""), "TRAIN", x=x, t=labels)(x=x, t=labels)["y0"]
    assert loss.item() == pytest.approx(by_hand(x, [[]])[0])


@pytest.mark.parametrize(("param", "shapes", "complaint"), [
    (PARAM.format("truth_thresh: 0.7"), {}, "has `truth_thresh` 0.7; only 1 is implemented"),
    (PARAM.format("").replace("mask: 2", "mask: 3"), {}, r"wants `mask` to name some of 3 anchors; it is \[3, 0\]"),
    (PARAM.format("anchor_x: 3"), {}, "wants 3 `anchor_x` and `anchor_y` above 0"),
    (PARAM.format(""), {"x": (2, 13, 4, 5)}, "wants 2 x .5 . 2. channels"),
    (PARAM.format(""), {"t": (2, 6)}, "wants true boxes of 5 numbers for each of 2 images"),
])
def test_what_does_not_fit_is_refused(param: str, shapes: dict, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("YoloLoss", param, **({"x": (2, 14, 4, 5), "t": (2, 10)} | shapes))
