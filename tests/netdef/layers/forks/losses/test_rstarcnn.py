"""R*CNN's layers: the best of several contexts, sums, a loss with targets that say nothing."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_largest_of_each_context(phase):
    x = torch.tensor([[1.0, 9], [4, 2], [3, 3], [-5, 0], [-7, -1], [-6, -2]]).double()
    top = top_of("MIL", "mil_param { context_per_roi: 3 }", phase, x=x)
    assert top.shape == (2, 2, 1, 1) and top.flatten().tolist() == [4, 9, -5, 0]
    check_layer('layer { name: "l" type: "MIL" bottom: "x" top: "y" mil_param { context_per_roi: 2 } }', x=(6, 5))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_sums_have_the_shape_of_the_first(phase):
    a, b, c = draw(4, 6), draw(4, 6, 1, 1, seed=2), draw(4, 2, 3, seed=3)
    top = top_of("Sum", "", phase, a=a, b=b, c=c)
    assert torch.equal(top, a + b.reshape(4, 6) + c.reshape(4, 6))
    assert torch.equal(top_of("Sum", "", phase, a=a), a)
    check_layer('layer { name: "l" type: "Sum" bottom: "a" bottom: "b" top: "y" }', a=(4, 6), b=(4, 6, 1, 1))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_targets_of_minus_one_are_ignored(phase):
    x, t = torch.tensor([[0.0, 2], [-1, 3], [5, 1]]).double(), torch.tensor([[1.0, 0], [-1, 1], [-1, -1]]).double()
    losses = [math.log(2), math.log(1 + math.exp(2)), math.log(1 + math.exp(-3))]
    assert top_of("SigmoidCrossEntropyWeightedLoss", "", phase, x=x, t=t).item() == pytest.approx(sum(losses) / 3)
    text = 'layer { name: "l" type: "SigmoidCrossEntropyWeightedLoss" bottom: "x" bottom: "t" top: "y" }'
    check_layer(text, x=(3, 2), t=t.float())


@pytest.mark.parametrize(("kind", "param", "shapes", "words"), [
    ("MIL", "mil_param { context_per_roi: 4 }", {"x": (6, 5)}, r"a multiple of 4 items; `x` has shape \(6, 5\)"),
    ("MIL", "mil_param { context_per_roi: 2 }", {"x": (6, 5, 2, 1)}, r"wants scores \(items, classes\)"),
    ("Sum", "", {"a": (4, 6), "b": (4, 5)}, "equally many numbers"),
])
def test_refusals(kind, param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer(kind, param, **shapes)
