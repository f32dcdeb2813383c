"""BBTXTLoss and BB3TXTLoss: discs of scores and corners at places."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from one_layer import one_layer
from torch import Tensor

import netdef

PARAM = "accumulator_loss_param { radius: 1 downsampling: 2 circle_ratio: 0.5 }"  # boxes of 8.01 to 19.98, ideally 12
BOX = [1.0, 2, 3, 12, 11]  # its centre, 7, 7, is in place 3, 3
SPACE = [*BOX, -3.0, 4, 11, 5, 1, 2, 8]
END = [-1.0] * 5


def score(columns: int = 7) -> np.ndarray:
    """A cross about place 3, 3 blurred by a Gaussian and divided by its highest value."""
    sides = np.array([math.exp(-0.5), 1, math.exp(-0.5)])
    out = np.zeros((7, columns))
    for row, column in ((3, 3), (2, 3), (4, 3), (3, 2), (3, 4)):
        out[row - 1 : row + 2, column - 1 : column + 2] += np.outer(sides, sides)
    return out / out.max()


def loss_and_gradient(kind: str, boxes: list[list[float]], x: Tensor, phase: str, param: str = PARAM) -> tuple[float, np.ndarray]:
    labels, x = torch.tensor([boxes], dtype=torch.float64), x.double().requires_grad_()
    loss = one_layer(kind, param, phase, l=labels, x=x)(l=labels, x=x)["y0"]
    (gradient,) = torch.autograd.grad(loss, x)
    return loss.item(), gradient.numpy()[0]


def test_targets_of_a_box():
    """With a net that says 0 the gradient is the target, times the score's for corners, times -4 (downsampling squared)."""
    loss, gradient = loss_and_gradient("BBTXTLoss", [BOX, END, BOX], torch.zeros(1, 5, 7, 7), "TEST")
    np.testing.assert_allclose(gradient[0], -4 * score(), rtol=1e-6)
    rows, columns = np.mgrid[-3:4, -3:4] * 2.0
    numbers = [0.5 + (2 - 7 - columns) / 12, 0.5 + (3 - 7 - rows) / 12, 0.5 + (12 - 7 - columns) / 12, 0.5 + (11 - 7 - rows) / 12]
    corners = np.stack(numbers) * score()
    np.testing.assert_allclose(gradient[1:], -4 * corners, rtol=1e-5, atol=1e-7)
    assert (score() > 0).sum() == 21
    assert loss == pytest.approx(((score() ** 2).sum() / 49 + (corners**2).sum() / (4 * 21)) / 2)


def test_seven_numbers_of_a_box_in_space():
    _, gradient = loss_and_gradient("BB3TXTLoss", [SPACE], torch.zeros(1, 8, 7, 7), "TEST")
    at = 0.5 + (np.array(SPACE[5:]) - 7) / 12
    np.testing.assert_allclose(gradient[1:, 3, 3], -4 * at, rtol=1e-5)
    across = [1, 3, 5]
    for channel in range(1, 8):  # the place to the right is 2 pixels farther across, that below it down
        right = at[channel - 1] - (2 / 12 if channel in across else 0)
        below = at[channel - 1] - (0 if channel in across else 2 / 12)
        np.testing.assert_allclose(gradient[channel, [3, 4], [4, 3]], [-4 * right * score()[3, 4], -4 * below * score()[4, 3]],
                                   rtol=1e-5)


def test_places_in_boxes_weigh_more_in_training():
    x = torch.full((1, 5, 7, 7), 0.25)
    loss, test = loss_and_gradient("BBTXTLoss", [BOX], x, "TEST")
    same, train = loss_and_gradient("BBTXTLoss", [BOX], x, "TRAIN")
    assert loss == same
    weight = (49 - score().sum()) / score().sum() / 2
    np.testing.assert_allclose(train, test * np.where(score() > 0, weight, 1), rtol=1e-5)
    assert test[0, 5, 6] == 4 * 0.25 and (test[1:, 5, 6] == 0).all()


@pytest.mark.parametrize("boxes", [[END, BOX], [[1.0, 0, 0, 7, 8]], [[1.0, 0, 0, 20, 8]]])
def test_boxes_of_other_sizes_and_behind_the_end_do_not_count(boxes: list[list[float]]):
    """Sides of 8 and 20; all scores miss by 1."""
    for phase, expected in (("TRAIN", 0), ("TEST", 4)):
        loss, gradient = loss_and_gradient("BBTXTLoss", boxes, torch.ones(1, 5, 7, 7), phase)
        assert loss == 0.5
        assert (gradient[0] == expected).all() and (gradient[1:] == 0).all()


def test_an_earlier_box_is_blurred_for_a_later_one():
    """Where its corners end, two columns of three have values."""
    other = [1.0, 32, 3, 42, 11]
    _, gradient = loss_and_gradient("BBTXTLoss", [BOX, other], torch.zeros(1, 5, 7, 26), "TEST")
    edge = (0.5 + (2 - 7 + 4) / 12, 0.5 + (2 - 7 + 2) / 12)
    at = score(26)[3, 1]
    np.testing.assert_allclose(gradient[1, 3, 1], -4 * sum(edge) / 3 * at, rtol=1e-3)
    np.testing.assert_allclose(gradient[1, 3, 18], -4 * (0.5 - 5 / 12), rtol=1e-5)  # its centre is in place 18


@pytest.mark.parametrize(("param", "labels", "shape", "message"), [
    (PARAM, (1, 2, 5), (1, 4, 6, 7), "5 channels"),
    (PARAM, (1, 2, 6), (1, 5, 7, 7), "labels"),
    (PARAM, (2, 2, 5), (1, 5, 7, 7), "first axes"),
    ("", (1, 2, 5), (1, 5, 7, 7), "circle_ratio"),
])
def test_refused(param: str, labels: tuple[int, ...], shape: tuple[int, ...], message: str):
    with pytest.raises(netdef.SpecError, match=message):
        one_layer("BBTXTLoss", param, l=labels, x=shape)
