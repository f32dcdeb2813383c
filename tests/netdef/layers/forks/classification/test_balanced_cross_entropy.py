"""ClassBalancedSigmoidCrossEntropyLoss by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

TYPE = "ClassBalancedSigmoidCrossEntropyLoss"


def test_edges_and_the_rest_weigh_alike():
    x = draw(3, 1, 2, 5).requires_grad_()
    labels = torch.zeros(3, 1, 2, 5, dtype=torch.float64)
    labels[0, 0, 0, :2] = 1  # two of ten; none in the second image
    labels[2] = 1
    labels[2, 0, 1, 3:] = 0
    labels[2, 0, 0, 0] = 7  # counts nowhere: six of eight others
    net = one_layer(TYPE, "", "TRAIN", x=x, t=labels)
    loss = net(x=x, t=labels)["y0"]
    wanted, slopes = 0.0, torch.zeros_like(x)
    for image in range(3):
        ones, zeros = labels[image] == 1, labels[image] == 0
        p, n = int(ones.sum()), int(zeros.sum())
        for places, weight, target in ((ones, n / (p + n), 1), (zeros, p / (p + n), 0)):
            for at in places.nonzero().tolist():
                value = x[image][tuple(at)].item()
                chance = 1 / (1 + math.exp(-value))
                wanted -= weight * math.log(chance if target else 1 - chance) / 3
                slopes[image][tuple(at)] = weight * (chance - target) / 3
    assert (p, n) == (7, 2) and loss.item() == pytest.approx(wanted)
    loss.backward()
    torch.testing.assert_close(x.grad, slopes)


def test_the_same_loss_under_its_name_in_other_forks():
    x, labels = draw(2, 1, 3, 4), (torch.arange(24) % 5 < 2).double().reshape(2, 1, 3, 4)
    one, other = (one_layer(kind, "", "TRAIN", x=x, t=labels)(x=x, t=labels)["y0"]
                  for kind in (TYPE, "SigmoidCrossEntropyBalanceLoss"))
    assert torch.equal(one, other)


@pytest.mark.parametrize(("labels", "ones", "zeros"), [
    ([1, 0, 0, 0, 0, 9], 5 / 2, 5 / 8), ([0, 0, 0, 0, 0, 9], 5 / 2, 5 / 8), ([1, 1, 1, 1, 1, 9], 5 / 8, 5 / 2)])
def test_targets_of_either_kind_weigh_as_many(labels: list, ones: float, zeros: float):
    x = draw(2, 3).requires_grad_()
    t = torch.tensor(labels).double().reshape(2, 3)
    net = one_layer("WeightedSigmoidCrossEntropyLoss", "loss_param { ignore_label: 9 }", x=x, t=t)
    loss = net(x=x, t=t)["y0"]
    wanted, slopes = 0.0, []
    for value, label in zip(x.flatten().tolist(), labels):
        chance = 1 / (1 + math.exp(-value))
        weight = {1: ones, 0: zeros, 9: 0}[label]
        wanted -= weight * math.log(chance if label else 1 - chance)
        slopes.append(weight * (chance - label) / 2)
    assert loss.item() == pytest.approx(wanted / 2)
    loss.backward()
    assert x.grad.flatten().tolist() == pytest.approx(slopes)
