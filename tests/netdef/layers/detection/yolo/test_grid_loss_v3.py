"""YoloV3Loss against its sums, prediction by prediction."""

from __future__ import annotations

import math

import pytest
import torch
from grid_labels import iou, label_map, sigmoid, slope
from one_layer import draw, one_layer

import netdef

SIDE, CLASSES, SIZES = 3, 2, ((5, 8), (20, 12), (9, 18), (24, 24))
MASK = (2, 1)
PARAM = ("anchors: 5 anchors: 8 anchors: 20 anchors: 12 anchors: 9 anchors: 18 anchors: 24 anchors: 24 mask: 2 mask: 1 side: 3 "
         "num_classes: 2 num_object: 2 total_object: 4 ignore_thresh: 0.3 net_w: 36 net_h: 30")
TRUTHS = [{(0.2, 0.55, 0.25, 0.6): 1, (0.9, 0.1, 0.12, 0.25): 0}, {(1.0, 0.5, 0.5, 0.4): 0}]  # the second is for another map


def written_out(x: list) -> tuple[float, torch.Tensor]:
    """The loss and the errors, of the shape (N, anchors, side, side, 5 + classes)."""
    errors = torch.zeros(2, 2, SIDE, SIDE, 5 + CLASSES).double()
    squares, nothing, count = 0.0, 0.0, 0
    for n in range(2):
        for a, index in enumerate(MASK):
            for row in range(SIDE):
                for column in range(SIDE):
                    p = x[n][a][row][column]
                    box = ((column + sigmoid(p[0])) / SIDE, (row + sigmoid(p[1])) / SIDE,
                           math.exp(p[2]) * SIZES[index][0] / 36, math.exp(p[3]) * SIZES[index][1] / 30)
                    nothing += sigmoid(p[4]) ** 2
                    if max(iou(box, truth) for truth in TRUTHS[n]) <= 0.3:
                        errors[n, a, row, column, 4] = sigmoid(p[4]) * slope(p[4])
        for truth, label in TRUTHS[n].items():
            nearest = [iou((0, 0, w / 36, h / 30), (0, 0, *truth[2:])) for w, h in SIZES]
            index = nearest.index(max(nearest))
            if index not in MASK:
                continue
            count += 1
            a, column, row = MASK.index(index), min(int(truth[0] * SIDE), SIDE - 1), int(truth[1] * SIDE)
            p, error, scale = x[n][a][row][column], errors[n, a, row, column], 2 - truth[2] * truth[3]
            for k, cell, pixels in ((0, column, 36), (1, row, 30)):
                apart = truth[k] * SIDE - cell - sigmoid(p[k])
                error[k], squares = -scale * apart * slope(p[k]), squares + scale * apart**2
                apart = math.log(truth[k + 2] * pixels / SIZES[index][k]) - p[k + 2]
                error[k + 2], squares = -scale * apart, squares + scale * apart**2
            short = 1 - sigmoid(p[4])
            error[4], squares = -short * slope(p[4]), squares + short**2
            for k in range(CLASSES):
                wrong = (k == label) - sigmoid(p[5 + k])
                error[5 + k], squares = -wrong, squares + wrong**2
    assert count == 2
    return squares / count + nothing / (2 * 2 * SIDE * SIDE - count), errors


def labels() -> torch.Tensor:
    """The centre at the right edge is of the last column."""
    found = label_map(SIDE, TRUTHS[0], {})
    place = SIDE + 2
    found[1, SIDE * SIDE + place], found[1, 2 * SIDE * SIDE + place] = 1, 0
    found[1, 3 * SIDE * SIDE + 4 * place :][:4] = torch.tensor(next(iter(TRUTHS[1])), dtype=torch.float64)
    return found


def test_loss_and_gradient():
    x, y = draw(2, 14, SIDE, SIDE).requires_grad_(), labels()
    loss = one_layer("YoloV3Loss", f"yolo_v3_loss_param {{ {PARAM} }}", "TRAIN", x=x, y=y)(x=x, y=y)["y0"]
    value, errors = written_out(x.unflatten(1, (2, 7)).permute(0, 1, 3, 4, 2).tolist())
    assert float(loss.detach()) == pytest.approx(value)
    gradient = torch.autograd.grad(3 * loss, x)[0]
    torch.testing.assert_close(gradient, 3 / 2 * errors.permute(0, 1, 4, 2, 3).flatten(1, 2))


@pytest.mark.parametrize("first, pixels", [(6, 32), (3, 16), (0, 8)])
def test_the_first_of_the_mask_says_the_pixels_of_a_place(first, pixels):
    """A true box of the size of the anchor, in an image of 3 places, has no error of width and height."""
    anchors = " ".join(f"anchors: {4 + 3 * i} anchors: {6 + 2 * i}" for i in range(8))
    param = (f"{anchors} mask: {first} mask: 1 side: 3 num_classes: 1 num_object: 2 total_object: 8 net_w: 1 net_h: 1 "
             "ignore_thresh: 2")
    x = torch.zeros(1, 12, 3, 3).double().requires_grad_()
    y = label_map(3, {(0.5, 0.5, (4 + 3 * first) / (3 * pixels), (6 + 2 * first) / (3 * pixels)): 0})
    loss = one_layer("YoloV3Loss", f"yolo_v3_loss_param {{ {param} }}", "TRAIN", x=x, y=y)(x=x, y=y)["y0"]
    assert float(loss.detach()) == pytest.approx(0.25 + 0.25 + 18 * 0.25 / 17)  # objectness and class of the box; of all places
    torch.testing.assert_close(torch.autograd.grad(loss, x)[0][0, :4], torch.zeros(4, 3, 3).double(), atol=1e-12, rtol=0)


@pytest.mark.parametrize("old, new, said", [
    ("anchors: 8", "", "wants 8 `anchors` above 0, two for each of `total_object`; it has 7"),
    ("mask: 1", "mask: 4", r"wants `mask` to name 2 .* of 4 anchors; it is \[2, 4\]"),
    ("mask: 1", "", r"it is \[2\]"), ("net_w: 36", "", "needs `net_w` and `net_h`"),
    ("ignore_thresh", "truth_thresh: 0.9 ignore_thresh", "has `truth_thresh` 0.9; only 1 is implemented")])
def test_parameters_that_do_not_fit_are_refused(old, new, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("YoloV3Loss", f"yolo_v3_loss_param {{ {PARAM.replace(old, new, 1)} }}", x=(2, 14, 3, 3), y=(2, 63))
