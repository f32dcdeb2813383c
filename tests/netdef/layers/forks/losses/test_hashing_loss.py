"""HashingLoss against loops over the pairs; which pairs count; its gradient, which is not the derivative."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer

from netdef.errors import SpecError


def run(codes, labels, param="", weight=""):
    codes = codes.requires_grad_()
    net = one_layer("HashingLoss", f"hashing_loss_param {{ {param} }} {weight}", "TRAIN", b=codes, t=labels)
    outputs = net(b=codes, t=labels)
    net.loss(outputs).backward()
    return outputs["y0"].item(), codes.grad


def by_hand(codes, labels, margin, tradeoff):
    """Loss and gradient, every pair counted."""
    n, bits = codes.shape
    cost, slope = 0.0, torch.zeros_like(codes)
    for i in range(n):
        for j in range(i + 1, n):
            gap = codes[i] - codes[j]
            shared, distance = float(labels[i] @ labels[j]), float(gap @ gap)
            like = shared >= 1
            beyond = distance - 4 * bits * margin * math.exp(-shared) if like else 2 * bits - distance
            cost += max(beyond, 0) / (n * (n - 1) / 2)
            if beyond > 0:
                slope[i] += (1 if like else -1) * gap / (n * (n - 1))
                slope[j] -= (1 if like else -1) * gap / (n * (n - 1))
        for k, b in enumerate(codes[i].tolist()):
            cost += tradeoff / n * abs(abs(b) - 1)
            slope[i, k] += tradeoff / n * (1 if b >= 1 or -1 <= b <= 0 else -1)
    return cost, slope


def test_one_pair():
    """One label shared: a distance of 4 is 4 / e too near to be within the margin, and no code is off 1 and -1."""
    loss, slope = run(torch.tensor([[1.0], [-1.0]]).double(), torch.ones(2, 1).double())
    assert loss == pytest.approx(4 - 4 / math.e)
    torch.testing.assert_close(slope, torch.tensor([[2 / 2 + 0.01 / 2], [-2 / 2 + 0.01 / 2]]).double())


def test_pairs_of_a_batch():
    codes, labels = draw(5, 7) * 2, torch.zeros(5, 3).double()
    labels[0, 0] = labels[1, 0] = labels[1, 2] = labels[2, 2] = labels[2, 0] = labels[3, 1] = 1  # three like pairs of ten
    wanted, slopes = by_hand(codes.clone(), labels, 0.1, 0.3)
    loss, slope = run(codes, labels.reshape(5, 3, 1, 1), "bi_margin: 0.1 tradeoff: 0.3", "loss_weight: 2")
    assert loss == pytest.approx(wanted)
    torch.testing.assert_close(slope, 2 * slopes)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_of_few_like_pairs_some_unlike_ones_count(phase):
    """One like pair of 780. All codes are equal: a like pair costs 0, an unlike one 2 K; so the mean tells their share."""
    codes, labels = torch.ones(40, 3).double(), torch.eye(40).double()
    labels[1, 0] = 1
    torch.manual_seed(3)
    net = one_layer("HashingLoss", "", phase, b=codes, t=labels)
    means = torch.tensor([float(net(b=codes, t=labels)["y0"]) for _ in range(40)])
    unlike = means / (6 - means)  # for each like pair
    assert 8 < unlike.mean() < 10 and unlike.std() > 0.5


def test_without_a_pair_that_counts_the_loss_is_that_of_the_codes():
    codes = torch.full((3, 2), 0.5).double()
    assert run(codes, torch.zeros(3, 4).double(), "tradeoff: 0.1")[0] == pytest.approx(0.1 * 2 * 0.5)


def test_maps_are_refused():
    with pytest.raises(SpecError, match=r"wants codes \(N, K\) and labels \(N, L\); `b` has shape \(2, 3, 5, 1\)"):
        one_layer("HashingLoss", "", b=(2, 3, 5, 1), t=(2, 4))
