"""The lifted structured loss, as loops."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef

KIND = "LiftedStructSimilaritySoftmaxLoss"
PARAM = "lifted_struct_sim_softmax_loss_param { margin: 1.5 }"


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_pairs_against_the_negatives_of_both(phase: str):
    x, labels = draw(6, 3), [1, 0, 1, 0, 2, 1]
    losses = []
    for i in range(6):
        for j in range(i + 1, 6):
            if labels[i] != labels[j]:
                continue
            others = [k for k in range(6) if labels[k] != labels[i]]
            total = sum(math.exp(1.5 - math.dist(x[each], x[k])) for each in (i, j) for k in others)
            losses.append(max(0, math.log(total) + math.dist(x[i], x[j])) ** 2 / 2)
    assert len(losses) == 4
    found = top_of(KIND, PARAM, phase, x=x, t=torch.tensor(labels).double())
    assert found.item() == pytest.approx(sum(losses) / 4)


def test_gradient():
    x, labels = draw(6, 3).requires_grad_(), torch.tensor([1.0, 0, 1, 0, 2, 1]).double()
    net = one_layer(KIND, PARAM, "TRAIN", x=x, t=labels)
    assert gradcheck(lambda x: net(x=x, t=labels)["y0"], (x,))


@pytest.mark.parametrize("labels", [[0, 1, 2], [4, 4, 4]])
def test_without_a_pair_or_a_negative_the_loss_is_zero(labels: list[int]):
    x = draw(3, 4).requires_grad_()
    t = torch.tensor(labels).double()
    net = one_layer(KIND, PARAM, "TRAIN", x=x, t=t)
    loss = net(x=x, t=t)["y0"]
    loss.backward()
    assert loss.item() == 0 and not x.grad.any()


def test_maps_are_refused():
    with pytest.raises(netdef.SpecError, match="wants items"):
        one_layer(KIND, x=(3, 4, 2, 1), t=(3,))
