"""SigmoidCrossEntropyLossWeighted and SigmoidWithLoss by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

import netdef


def sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def test_each_target_has_a_weight_and_the_batch_size_divides():
    x = draw(2, 3, 1, 4).requires_grad_()
    targets = torch.arange(24.0, dtype=torch.float64).reshape(2, 3, 4) % 5 / 4  # other axes, as many numbers
    weights = torch.arange(24.0, dtype=torch.float64).reshape(2, 12) % 7 - 1  # 0 and below, too
    net = one_layer("SigmoidCrossEntropyLossWeighted", "loss_param { normalization: FULL }", "TRAIN", x=x, t=targets, w=weights)
    loss = net(x=x, t=targets, w=weights)["y0"]
    wanted, slopes = 0.0, []
    for value, t, w in zip(x.flatten().tolist(), targets.flatten().tolist(), weights.flatten().tolist(), strict=True):
        chance = sigmoid(value)
        wanted -= w * (t * math.log(chance) + (1 - t) * math.log(1 - chance)) / 2
        slopes.append(w * (chance - t) / 2)
    assert loss.item() == pytest.approx(wanted)
    loss.backward()
    torch.testing.assert_close(x.grad.flatten().tolist(), slopes)


def test_it_wants_three_bottoms_of_equally_many_numbers():
    with pytest.raises(netdef.SpecError, match="takes 3 bottoms, the text gives 2"):
        one_layer("SigmoidCrossEntropyLossWeighted", "", x=(2, 3), t=(2, 3))
    with pytest.raises(netdef.SpecError, match=r"shapes .*\(2, 4\)"):
        one_layer("SigmoidCrossEntropyLossWeighted", "", x=(2, 3), t=(2, 3), w=(2, 4))


def test_only_labels_of_one_are_hits():
    x = draw(3, 5).requires_grad_()
    labels = torch.tensor([1, 0, -1, 2, 1.9, 0.9, 1, -1.5, 3, 0, 1, 1, 0, 0.3, 1], dtype=torch.float64).reshape(3, 5)
    hits = [1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 1]
    net = one_layer("SigmoidWithLoss", "", "TRAIN", x=x, t=labels)
    loss = net(x=x, t=labels)["y0"]
    chances = [sigmoid(value) for value in x.flatten().tolist()]
    assert loss.item() == pytest.approx(-sum(math.log(c if hit else 1 - c) for c, hit in zip(chances, hits)) / 3)
    loss.backward()
    torch.testing.assert_close(x.grad.flatten().tolist(), [(c - hit) / 3 for c, hit in zip(chances, hits)])


def test_its_name_of_2014_without_a_top():
    text = ('input: "x" input_dim: 2 input_dim: 3 input_dim: 1 input_dim: 1 '
            'input: "t" input_dim: 2 input_dim: 3 input_dim: 1 input_dim: 1 '
            'layers { name: "l" type: SIGMOID_LOSS bottom: "x" bottom: "t" }')
    net = netdef.loads(text, phase="TRAIN")
    zeros = torch.zeros(2, 3, 1, 1)
    assert net.loss(net(x=zeros, t=zeros)).item() == pytest.approx(3 * math.log(2))
