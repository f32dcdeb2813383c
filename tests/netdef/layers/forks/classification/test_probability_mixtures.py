"""HD-CNN's mixtures of branches, and their loss."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.definition.read import read_net_text
from netdef.errors import SpecError

COMPACT = ("compact_probabilistic_average_prob_layer_param { num_class: 4 compact_classify_layer_param { class_id: [0, 3] } "
           "compact_classify_layer_param { class_id: [1, 2, 3] } }")


def test_branches_are_mixed():
    a, b = draw(2, 3, seed=1), draw(2, 3, seed=2)
    w = torch.tensor([[0.25, 0.5], [1, 2]]).double()
    wanted = torch.stack([0.25 * a[0] + 0.5 * b[0], a[1] + 2 * b[1]])
    assert torch.allclose(top_of("ProbabilisticAverageProb", a=a, b=b, w=w), wanted)


def test_branches_of_some_classes():
    a, b, w = draw(2, 2, 3, 1, seed=1), draw(2, 3, 3, 1, seed=2), draw(2, 2, 3, 1, seed=3)
    wanted = torch.stack([a[:, 0] * w[:, 0], b[:, 0] * w[:, 1], b[:, 1] * w[:, 1], a[:, 1] * w[:, 0] + b[:, 2] * w[:, 1]], 1)
    assert torch.allclose(top_of("CompactProbabilisticAverageProb", COMPACT, a=a, b=b, w=w), wanted)
    assert top_of("CompactProbabilisticAverageProb", COMPACT, a=draw(5, 2), b=draw(5, 3), w=draw(5, 2)).shape == (5, 4)


def test_the_loss_of_labels_and_of_the_branches_means():
    x = torch.tensor([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]).double()
    branches = torch.tensor([[0.1, 0.9], [0.5, 0.3]]).double().requires_grad_()
    loss = top_of("MultinomialLogisticSparsityLoss",
                  "multinomial_logistic_sparsity_loss_param { sparsity_lamda: 3 target_sparsity: 0.2 target_sparsity: 0.75 }",
                  x=x, t=torch.tensor([1.0, 2]).double(), b=branches)
    first, second = 0.2 - 0.3, 0.75 - 0.6
    assert loss.item() == pytest.approx(-(math.log(0.5) + math.log(0.3)) / 2 + 1.5 * (first**2 + second**2))
    loss.backward()
    assert branches.grad.flatten().tolist() == pytest.approx([-3 * first / 2, -3 * second / 2] * 2)


@pytest.mark.parametrize(("kind", "param", "shapes", "words"), [
    ("ProbabilisticAverageProb", "", {"a": (2, 3), "b": (2, 4), "w": (2, 2)}, "must be equal"),
    ("ProbabilisticAverageProb", "", {"a": (2, 3), "w": (2, 2)}, "wants 1 numbers an item"),
    ("CompactProbabilisticAverageProb", COMPACT, {"a": (2, 2), "w": (2, 2)}, "2 `compact_classify_layer_param` and 1 branches"),
    ("CompactProbabilisticAverageProb", COMPACT, {"a": (2, 2), "b": (2, 4), "w": (2, 2)}, "bottom 1 wants 3 channels"),
    ("CompactProbabilisticAverageProb", COMPACT.replace("num_class: 4", "num_class: 3"), {"a": (2, 2), "b": (2, 3), "w": (2, 2)},
     "not below `num_class`, 3"),
    ("MultinomialLogisticSparsityLoss", "", {"x": (2, 3), "t": (2,), "b": (2, 1)}, "wants 0 numbers an item")])
def test_refusals(kind, param, shapes, words):
    with pytest.raises(SpecError, match=words):
        one_layer(kind, param, **shapes)


def test_types_of_2014():
    net = read_net_text("layers { type: PROBABLISTIC_AVERAGE_PROB } layers { type: MULTINOMIAL_LOGISTIC_SPARSITY_LOSS }")
    assert [layer.type for layer in net.layers] == ["ProbabilisticAverageProb", "MultinomialLogisticSparsityLoss"]
