"""CenterObjectLoss, box by box and place by place."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef
from netdef.layers.detection.centres.centre_heat_loss import bell_radius, draw_bell

HEIGHT, WIDTH = 9, 12
MARKS = [0.2, 0.3, 0.4, 0.3, 0.3, 0.4, 0.25, 0.5, 0.35, 0.5]
TRUE = [  # image, class, box, flag of landmarks; the last is too small
    (0, 1, [0.1, 0.15, 0.6, 0.7], 1), (0, 2, [0.3, 0.3, 0.95, 0.9], 0), (2, 1, [0.5, 0.1, 0.8, 0.95], 1),
    (2, 2, [0.1, 0.1, 0.2, 0.3], 1)]


def labels(columns: int) -> torch.Tensor:
    marks = {1: [1, *MARKS], 0: [0, *[-1] * 10]}
    rows = [[image, label, 0, *box, 0, *marks[flag][: columns - 8]] for image, label, box, flag in TRUE]
    return torch.tensor(rows).double()[None, None]


def smooth(found: float, wanted: float) -> float:
    away = abs(found - wanted)
    return away * away / 2 if away < 1 else away - 0.5


def by_hand(x: torch.Tensor, scores: torch.Tensor, marks: bool, loss=smooth) -> tuple[float, float]:
    """The sums of the losses of boxes and scores, and of landmarks."""
    total, of_marks, heat = 0.0, 0.0, torch.zeros(scores.shape).double()
    for image, label, box, flag in TRUE[:3]:
        x1, y1, x2, y2 = (value * (HEIGHT if n % 2 else WIDTH) for n, value in enumerate(box))
        width, height, centre = x2 - x1, y2 - y1, ((x1 + x2) / 2, (y1 + y2) / 2)
        i, j = map(int, centre)
        found = x[image, :, j, i].tolist()
        for n, wanted in enumerate((centre[0] - i, centre[1] - j, math.log(width), math.log(height))):
            total += (0.1 if n > 1 else 1) * loss(found[n], wanted)
        if marks and flag:
            for n, mark in enumerate(MARKS):
                wanted = (mark * HEIGHT - j) / height if n % 2 else (mark * WIDTH - i) / width
                of_marks += loss(found[4 + n], wanted)
        draw_bell(heat[image, label - 1], (j, i), bell_radius(height, width))
    for score, h in zip(scores.flatten().tolist(), heat.flatten().tolist()):
        p = 1 / (1 + math.exp(-score))
        total -= (1 - p) ** 2 * math.log(p) if h == 1 else (1 - h) ** 4 * p**2 * math.log(1 - p)
    return total, of_marks


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("marks", [False, True])
def test_the_losses_of_each_box_and_place(marks, phase):
    x, scores = 2 * draw(3, 14 if marks else 4, HEIGHT, WIDTH), draw(3, 2, HEIGHT, WIDTH, seed=2)
    param = f"center_object_loss_param {{ num_class: 2 has_lm: {str(marks).lower()} }}"
    total, of_marks = by_hand(x, scores, marks)
    for mode, count in (("VALID", (4, 3)), ("BATCH_SIZE", (3, 3)), ("NONE", (1, 1))):
        found = top_of("CenterObjectLoss", f"{param} loss_param {{ normalization: {mode} }}", phase, x=x, s=scores,
                       t=labels(19 if marks else 8))
        assert found.item() == pytest.approx(total / count[0] + 0.1 * of_marks / count[1])


def test_squares():
    x, scores = draw(3, 4, HEIGHT, WIDTH), draw(3, 2, HEIGHT, WIDTH, seed=2)
    total, _ = by_hand(x, scores, False, lambda found, wanted: (found - wanted) ** 2 / 2)
    param = "center_object_loss_param { num_class: 2 loc_loss_type: L2 } loss_param { normalization: NONE }"
    assert top_of("CenterObjectLoss", param, x=x, s=scores, t=labels(8)).item() == pytest.approx(total)


def test_gradients():
    x, scores = draw(3, 14, HEIGHT, WIDTH), draw(3, 2, HEIGHT, WIDTH, seed=2)
    net = one_layer("CenterObjectLoss", "center_object_loss_param { num_class: 2 has_lm: true }", "TRAIN", x=x, s=scores,
                    t=labels(19))
    points = x.requires_grad_(), scores.requires_grad_()
    assert gradcheck(lambda x, s: net(x=x, s=s, t=labels(19))["y0"], points, fast_mode=True)


def test_bells():
    plane = torch.zeros(5, 7).double()
    draw_bell(plane, (1, 5), 2)
    for j in range(5):
        for i in range(7):
            near = abs(j - 1) <= 2 and abs(i - 5) <= 2
            assert plane[j, i].item() == pytest.approx(math.exp(-((j - 1) ** 2 + (i - 5) ** 2) / 2 / (5 / 6) ** 2) if near else 0)
    draw_bell(plane, (1, 4), 0)
    assert plane[1, 4] == 1 and plane[1, 5] == 1
    assert bell_radius(10, 20) == 3  # (-42 + sqrt(42^2 + 4 * 2.8 * 60)) / 2 = 3.7, the least of the three


def test_a_batch_without_boxes_and_a_label_that_is_no_class():
    x, scores = draw(1, 4, 3, 5).requires_grad_(), draw(1, 2, 3, 5, seed=2)
    net = one_layer("CenterObjectLoss", "center_object_loss_param { num_class: 2 }", x=x, s=scores, t=(1, 1, 1, 8))
    loss = net(x=x, s=scores, t=torch.full((1, 1, 1, 8), -1.0).double())["y0"]
    loss.backward()
    assert loss.item() == 0 and not x.grad.any()
    with pytest.raises(netdef.NetdefError, match="got label 3; it wants 1 to 2"):
        net(x=x, s=scores, t=torch.tensor([0, 3, 0, 0.0, 0, 0.9, 0.9, 0]).double().view(1, 1, 1, 8))


@pytest.mark.parametrize(("param", "shapes", "said"), [
    ("num_class: 2 loc_weight: 2", [(1, 4, 3, 5), (1, 2, 3, 5), (1, 1, 2, 8)], "has `loc_weight` 2"),
    ("num_class: 2 has_lm: true", [(1, 4, 3, 5), (1, 2, 3, 5), (1, 1, 2, 19)], "wants maps of 14 channels"),
    ("num_class: 3", [(1, 4, 3, 5), (1, 2, 3, 5), (1, 1, 2, 8)], "it wants scores of 3 classes at each place"),
    ("num_class: 2", [(1, 4, 3, 5), (1, 2, 3, 5), (1, 1, 2, 19)], "wants rows of 8 numbers"),
])
def test_what_does_not_fit(param, shapes, said):
    with pytest.raises(netdef.SpecError) as caught:
        one_layer("CenterObjectLoss", f"center_object_loss_param {{ {param} }}", **dict(zip("xst", shapes)))
    assert said in str(caught.value)
