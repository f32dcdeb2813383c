"""YoloV2Loss against its sums, prediction by prediction."""

from __future__ import annotations

import math

import pytest
import torch
from grid_labels import iou, label_map, sigmoid, slope
from one_layer import draw, one_layer

import netdef
from netdef.layers.detection.yolo.grid_loss_v2 import SEEN

SIDE, CLASSES, ANCHORS = 3, 2, ((1.0, 0.5), (0.4, 1.5))
PARAM = ("anchors: 1 anchors: 0.5 anchors: 0.4 anchors: 1.5 side: 3 num_classes: 2 num_object: 2 box_scale: 2 class_scale: 3 "
         "noobject_scale: 0.5 object_scale: 5 thresh: 0.3")
TRUTHS = [{(0.2, 0.55, 0.15, 0.5): 1, (0.9, 0.1, 0.3, 0.15): 0}, {}]


def written_out(x: list, rescore: bool, early: bool) -> tuple[float, list]:
    """The loss and the errors, of the shape (N, anchors, side, side, 5 + classes)."""
    errors = torch.zeros(2, 2, SIDE, SIDE, 5 + CLASSES).double()
    squares = nothing = 0.0
    for n in range(2):
        boxes = {}
        for a, (wide, tall) in enumerate(ANCHORS):
            for row in range(SIDE):
                for column in range(SIDE):
                    p = x[n][a][row][column]
                    boxes[a, row, column] = box = (
                        (column + sigmoid(p[0])) / SIDE, (row + sigmoid(p[1])) / SIDE, math.exp(p[2]) * wide / SIDE,
                        math.exp(p[3]) * tall / SIDE)
                    error = errors[n, a, row, column]
                    if early:
                        for k in (0, 1):
                            error[k] = -0.01 * (0.5 - sigmoid(p[k])) * slope(p[k])
                            squares += 0.01 * (0.5 - sigmoid(p[k])) ** 2
                            error[k + 2] = 0.01 * p[k + 2]
                            squares += 0.01 * p[k + 2] ** 2
                    if max((iou(box, truth) for truth in TRUTHS[n]), default=0) <= 0.3:
                        error[4] = 0.5 * sigmoid(p[4]) * slope(p[4])
                        nothing += 0.5 * sigmoid(p[4]) ** 2
        for truth, label in TRUTHS[n].items():
            column, row = int(truth[0] * SIDE), int(truth[1] * SIDE)
            nearest = [iou((0, 0, w / SIDE, h / SIDE), (0, 0, *truth[2:])) for w, h in ANCHORS]
            a = nearest.index(max(nearest))
            p, error, scale = x[n][a][row][column], errors[n, a, row, column], 2 * (2 - truth[2] * truth[3])
            for k, cell in ((0, column), (1, row)):
                apart = truth[k] * SIDE - cell - sigmoid(p[k])
                error[k], squares = -scale * apart * slope(p[k]), squares + scale * apart**2
                apart = math.log(truth[k + 2] * SIDE / ANCHORS[a][k]) - p[k + 2]
                error[k + 2], squares = -scale * apart, squares + scale * apart**2
            short = (iou(boxes[a, row, column], truth) if rescore else 1) - sigmoid(p[4])
            error[4], squares = -5 * short * slope(p[4]), squares + 5 * short**2
            total = sum(math.exp(q) for q in p[5:])
            for k in range(CLASSES):
                wrong = (k == label) - math.exp(p[5 + k]) / total
                error[5 + k], squares = -3 * wrong, squares + 3 * wrong**2
    return squares / 2 + nothing / (2 * 2 * SIDE * SIDE - 2), errors


@pytest.mark.parametrize("rescore", [True, False])
@pytest.mark.parametrize("early", [True, False])
def test_loss_and_gradient(rescore, early):
    x, labels = draw(2, 14, SIDE, SIDE).requires_grad_(), label_map(SIDE, *TRUTHS)
    net = one_layer("YoloV2Loss", f"yolo_v2_loss_param {{ {PARAM} rescore: {str(rescore).lower()} }}", "TRAIN", x=x, y=labels)
    if not early:
        net.layers["l"].seen.fill_(SEEN)
    loss = net(x=x, y=labels)["y0"]
    value, errors = written_out(x.unflatten(1, (2, 7)).permute(0, 1, 3, 4, 2).tolist(), rescore, early)
    assert float(loss.detach()) == pytest.approx(value)
    gradient = torch.autograd.grad(3 * loss, x)[0]
    torch.testing.assert_close(gradient, 3 / 2 * errors.permute(0, 1, 4, 2, 3).flatten(1, 2))


def test_images_are_counted():
    x, labels = draw(2, 14, SIDE, SIDE), label_map(SIDE, *TRUTHS)
    net = one_layer("YoloV2Loss", f"yolo_v2_loss_param {{ {PARAM} }}", "TRAIN", x=x, y=labels)
    net.layers["l"].seen.fill_(SEEN - 1)
    first, second = (float(net(x=x, y=labels)["y0"]) for _ in range(2))
    assert net.layers["l"].seen == SEEN + 1 and first > second


def test_a_batch_without_true_boxes():
    x = torch.zeros(1, 14, SIDE, SIDE).double()
    labels = label_map(SIDE, {})
    loss = one_layer("YoloV2Loss", f"yolo_v2_loss_param {{ {PARAM} }}", "TRAIN", x=x, y=labels)(x=x, y=labels)["y0"]
    assert float(loss) == pytest.approx(0.5 * 0.25)  # objectness 0.5 everywhere


@pytest.mark.parametrize("old, new, said", [
    ("anchors: 1.5", "", "wants 4 `anchors` above 0, two for each of `num_object`; it has 3"),
    ("anchors: 1.5", "anchors: 0", "`anchors` above 0"), ("num_classes: 2", "num_classes: 3", "channels in `x`"),
    ("side: 3", "side: 4", "wants a map of 4 x 4"), ("num_object: 2", "", "`num_object`")])
def test_parameters_that_do_not_fit_are_refused(old, new, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("YoloV2Loss", f"yolo_v2_loss_param {{ {PARAM.replace(old, new)} }}", x=(2, 14, 3, 3), y=(2, 63))


def test_classes_that_there_are_not_are_refused():
    x, labels = draw(1, 14, SIDE, SIDE), label_map(SIDE, {(0.5, 0.5, 0.5, 0.5): 2})
    with pytest.raises(netdef.NetdefError, match=r"true box of class \[2\]; it has 2 classes"):
        one_layer("YoloV2Loss", f"yolo_v2_loss_param {{ {PARAM} }}", "TRAIN", x=x, y=labels)(x=x, y=labels)
