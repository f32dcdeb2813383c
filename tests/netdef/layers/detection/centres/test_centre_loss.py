"""CenterGridLoss, place by place."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

HEIGHT, WIDTH, PIXELS = 6, 8, 48  # a place is 8 pixels high; wide, too, whatever the width
MARKS = [0.2, 0.3, 0.4, 0.3, 0.3, 0.4, 0.25, 0.5, 0.35, 0.5]
TRUE = [  # of each image: a box, its flag of landmarks
    [([0.1, 0.15, 0.6, 0.7], 1), ([0.3, 0.3, 0.95, 0.9], 0), ([0.0, 0.5, 0.2, 0.6], 1)],
    [],
    [([0.5, 0.1, 0.55, 0.95], 0)],
]


def labels(columns: int) -> torch.Tensor:
    rows = torch.full((3, 1, 4, columns), -1.0).double()
    for image, boxes in enumerate(TRUE):
        for i, (box, flag) in enumerate(boxes):
            marks = [flag, *(MARKS if flag else [-1] * 10)][: columns - 8]
            rows[image, 0, i] = torch.tensor([image, 1, 0, *box, 0, *marks])
    return rows


def smooth(found: float, wanted: float) -> float:
    away = abs(found - wanted)
    return away * away / 2 if away < 1 else away - 0.5


def by_hand(x: torch.Tensor, softmax: bool, marks: bool, low: int, up: int, scale: float) -> tuple[float, int, float, int]:
    """The sums of the losses of boxes and scores, and of landmarks, each with the number of its places."""
    step, count = PIXELS / HEIGHT, 14 if marks else 4
    total, of_marks, places, marked = 0.0, 0.0, 0, 0
    for image, boxes in enumerate(TRUE):
        kinds, taken = {}, set()
        for box, flag in boxes:
            x1, y1, x2, y2 = box[0] * WIDTH, box[1] * HEIGHT, box[2] * WIDTH, box[3] * HEIGHT
            inside = [(j, i) for j in range(int(y1), int(y2)) for i in range(int(x1), int(x2))]
            kinds.update(dict.fromkeys(inside, -1))
            if not low <= max(int((x2 - x1) * step), int((y2 - y1) * step)) < up:
                continue
            for j, i in inside:
                if (j, i) in taken:
                    continue
                taken.add((j, i))
                kinds[j, i] = 1
                places += 1
                for n, corner in enumerate((x1, y1, x2, y2)):
                    wanted = ((j if n % 2 else i) + 0.5 - corner) * step / scale
                    total += smooth(float(x[image, n, j, i]), wanted)
                if marks and flag:
                    marked += 1
                    for n, mark in enumerate(MARKS):
                        wanted = ((j if n % 2 else i) + 0.5 - mark * (HEIGHT if n % 2 else WIDTH)) * step / scale
                        of_marks += smooth(float(x[image, 4 + n, j, i]), wanted)
        for j in range(HEIGHT):
            for i in range(WIDTH):
                kind = kinds.get((j, i), 0)
                scores = [float(value) for value in x[image, count:, j, i]]
                if kind == -1 or (not softmax and not boxes):
                    continue
                if softmax:
                    p = math.exp(scores[kind]) / sum(map(math.exp, scores))
                    total -= 0.25 * (1 - p) ** 2 * math.log(p)
                else:
                    p = 1 / (1 + math.exp(-scores[0] if kind else scores[0]))
                    total -= 2 * (1 - p) ** 4 * math.log(p)
    return total, places, of_marks, marked


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("text", "classes", "marks"), [("SIGMOID", 1, False), ("SOFTMAX", 2, False), ("SOFTMAX", 2, True)])
@pytest.mark.parametrize(("low", "up"), [(0, 200), (35, 42)])
def test_the_losses_of_each_place(text, classes, marks, low, up, phase):
    x, truth = 2 * draw(3, (14 if marks else 4) + classes, HEIGHT, WIDTH), labels(19 if marks else 8)
    param = (f"center_object_loss_param {{ num_class: {classes} class_type: {text} bias_num: 1 bias_scale: 20 "
             f"net_height: {PIXELS} net_width: {PIXELS} low_bbox_scale: {low} up_bbox_scale: {up} "
             f"has_lm: {str(marks).lower()} }}")
    total, places, of_marks, marked = by_hand(x, classes == 2, marks, low, up, 20 if classes == 2 else 10)
    assert places and (marked or not marks or low)
    for mode, count in (("VALID", (places, max(marked, 1))), ("BATCH_SIZE", (3, 3)), ("NONE", (1, 1))):
        found = top_of("CenterGridLoss", f"{param} loss_param {{ normalization: {mode} }}", phase, x=x, t=truth)
        assert found.item() == pytest.approx(total / count[0] + 0.1 * of_marks / count[1])


def test_gradients():
    x, truth = draw(3, 16, HEIGHT, WIDTH), labels(19)
    param = (f"center_object_loss_param {{ num_class: 2 class_type: SOFTMAX bias_num: 1 bias_scale: 20 net_height: {PIXELS} "
             "low_bbox_scale: 0 up_bbox_scale: 200 has_lm: true }")
    net = one_layer("CenterGridLoss", param, "TRAIN", x=x, t=truth)
    assert gradcheck(lambda x: net(x=x, t=truth)["y0"], x.requires_grad_(), fast_mode=True)


def test_a_batch_without_boxes_costs_nothing():
    x = draw(2, 5, 3, 4).requires_grad_()
    param = "center_object_loss_param { bias_num: 1 bias_scale: 20 net_height: 24 up_bbox_scale: 90 }"
    loss = top_of("CenterGridLoss", param, x=x, t=torch.full((2, 1, 1, 8), -1.0).double())
    loss.backward()
    assert loss.item() == 0 and not x.grad.any()


@pytest.mark.parametrize(("param", "shapes", "said"), [
    ("bias_num: 1 bias_scale: 2 net_height: 9 has_lm: true", [(1, 15, 3, 4), (1, 1, 2, 19)], "the fork has for SOFTMAX only"),
    ("bias_num: 1 bias_scale: 2 net_height: 9 num_class: 2", [(1, 6, 3, 4), (1, 1, 2, 8)], "has 2 classes; it wants 1"),
    ("bias_num: 1 net_height: 9", [(1, 5, 3, 4), (1, 1, 2, 8)], "has 0 `bias_scale` and `bias_num` 1"),
    ("bias_num: 1 bias_scale: 2", [(1, 5, 3, 4), (1, 1, 2, 8)], "needs a `net_height`"),
    ("bias_num: 1 bias_scale: 2 net_height: 9", [(1, 6, 3, 4), (1, 1, 2, 8)], "wants maps of 5 channels"),
    ("bias_num: 1 bias_scale: 2 net_height: 9", [(1, 5, 3, 4), (1, 1, 2, 19)], "wants rows of 8 numbers"),
])
def test_what_does_not_fit(param, shapes, said):
    with pytest.raises(netdef.SpecError) as caught:
        one_layer("CenterGridLoss", f"center_object_loss_param {{ {param} }}", x=shapes[0], t=shapes[1])
    assert said in str(caught.value)
