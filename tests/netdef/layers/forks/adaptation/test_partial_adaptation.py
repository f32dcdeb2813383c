"""The entropy of probabilities, and the sigmoid cross-entropy with the weights of another classifier."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of
from torch.autograd import gradcheck

import netdef


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_entropy_is_a_mean_over_items(phase):
    x = torch.tensor([[0.25, 0.75, 0.0], [0.5, 0.0005, 0.4995]], dtype=torch.float64)
    counted = [0.25, 0.75, 0.5, 0.4995]
    expected = -sum(p * math.log(p) for p in counted) / 2
    assert top_of("EntropyLoss", "", phase, x=x).item() == pytest.approx(expected)


def test_gradient_of_entropy():
    x = torch.tensor([[0.25, 0.75, 0.0], [0.5, 0.0005, 0.4995]], dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(top_of("EntropyLoss", "entropy_param { threshold: 0.3 }", "TRAIN", x=x), x)
    expected = [0, -(1 + math.log(0.75)) / 2, 0, -(1 + math.log(0.5)) / 2, 0, -(1 + math.log(0.4995)) / 2]
    assert gradient.flatten().tolist() == pytest.approx(expected)


def test_entropy_counts_after_some_passes_of_training():
    x = torch.tensor([[0.25, 0.75]], dtype=torch.float64)
    net = one_layer("EntropyLoss", "entropy_param { iterations_num: 2 }", "TRAIN", x=x)
    losses = [net(x=x)["y0"].item() for _ in range(4)]
    whole = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75))
    assert losses == pytest.approx([0, 0, whole, whole])
    assert top_of("EntropyLoss", "entropy_param { iterations_num: 2 }", "TEST", x=x).item() == pytest.approx(whole)


def test_labels_have_no_effect_on_entropy():
    x = torch.tensor([[0.25, 0.75], [0.1, 0.9]], dtype=torch.float64)
    assert top_of("EntropyLoss", x=x, t=draw(2)) == top_of("EntropyLoss", x=x)


def test_a_threshold_below_zero_is_refused():
    with pytest.raises(netdef.SpecError, match="`threshold`"):
        one_layer("EntropyLoss", "entropy_param { threshold: -1 }", x=(2, 3))


def weighted(x, t, w, ignore=None):
    """The loss of N items as a loop: weights 1 - s(w) over their mean where t is 1."""
    sigmoid = lambda a: 1 / (1 + math.exp(-a))  # noqa: E731
    rows = [row for row in zip(x, t, w) if row[1] != ignore]
    weights = [1 - sigmoid(c) for _, b, c in rows if b == 1]
    mean = sum(weights) / len(weights)
    return sum(-(math.log(sigmoid(a)) * (1 - sigmoid(c)) / mean if b == 1 else math.log(1 - sigmoid(a))) for a, b, c in rows)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_weights_of_source_items(phase):
    x, w = [0.5, -1.0, 2.0, 0.25], [1.0, -0.5, 0.0, 3.0]
    t = [1, 0, 1, 0]
    loss = top_of("WeightedGanLoss", "", phase, x=torch.tensor(x).double()[:, None], t=torch.tensor(t).double()[:, None],
                  w=torch.tensor(w).double()[:, None])
    assert loss.item() == pytest.approx(weighted(x, t, w) / 4)


def test_ignored_targets_have_neither_loss_nor_weight():
    x, t, w = [0.5, -1.0, 2.0, 0.25], [1, 0, 1, 7], [1.0, -0.5, 0.0, 3.0]
    loss = top_of("WeightedGanLoss", "loss_param { ignore_label: 7 normalize: true }", x=torch.tensor(x).double(),
                  t=torch.tensor(t).double(), w=torch.tensor(w).double())
    assert loss.item() == pytest.approx(weighted(x, t, w, ignore=7) / 3)


def test_no_weight_learns():
    x, w = draw(5, 1).requires_grad_(), draw(5, 1, seed=2).requires_grad_()
    t = torch.tensor([1.0, 0, 1, 1, 0])[:, None].double()
    net = one_layer("WeightedGanLoss", "", "TRAIN", x=x, t=t, w=w)
    gradients = torch.autograd.grad(net(x=x, t=t, w=w)["y0"], (x, w), allow_unused=True)
    assert gradients[0].abs().sum() > 0 and gradients[1] is None
    assert gradcheck(lambda a: net(x=a, t=t, w=w.detach())["y0"], x)


def test_without_source_items_all_weigh_one():
    x, t = draw(3, 1), torch.zeros(3, 1).double()
    expected = top_of("SigmoidCrossEntropyLoss", x=x, t=t)
    assert top_of("WeightedGanLoss", x=x, t=t, w=draw(3, 1, seed=2)).item() == pytest.approx(expected.item())
