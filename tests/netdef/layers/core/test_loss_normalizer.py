"""The divisor of a loss, by arithmetic; the losses themselves are in the files of their names."""

from __future__ import annotations

import math

import pytest
import torch

import netdef

UNIFORM = math.log(4)  # what a prediction costs when its 4 scores are equal


def softmax_loss(param: str, labels: list) -> float:
    """The loss of 2 x 3 predictions over 4 equal scores."""
    net = netdef.loads('layer { name: "i" type: "Input" top: "x" top: "t" input_param { shape { dim: 2 dim: 4 dim: 3 } '
                       'shape { dim: 2 dim: 3 } } } layer { name: "l" type: "SoftmaxWithLoss" bottom: "x" bottom: "t" '
                       f'top: "loss" loss_param {{ {param} }} }}')
    return net(x=torch.zeros(2, 4, 3), t=torch.tensor(labels))["loss"].item()


@pytest.mark.parametrize("param, costs", [
    ("", 1),
    ("normalization: FULL", 1),
    ("normalization: BATCH_SIZE", 3),
    ("normalization: NONE", 6),
    ("normalize: true", 1),
    ("normalize: false", 3),
    ("normalize: false normalization: NONE", 6),
    ("ignore_label: 2", 1),
    ("ignore_label: 2 normalization: FULL", 5 / 6),
    ("ignore_label: 2 normalization: BATCH_SIZE", 5 / 2),
    ("ignore_label: 2 normalization: NONE", 5),
])
@pytest.mark.parametrize("number", [float, int])
def test_the_divisor_follows_from_the_options(param, costs, number):
    labels = [[number(x) for x in row] for row in ((0, 1, 2), (3, 1, 0))]
    assert softmax_loss(param, labels) == pytest.approx(costs * UNIFORM)


def test_no_divisor_is_below_one():
    assert softmax_loss("ignore_label: 255", [[255.0] * 3] * 2) == 0
