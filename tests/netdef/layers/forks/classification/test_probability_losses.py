"""CrossEntropyLoss and SoftmaxCrossEntropyLoss by arithmetic."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

P = [[0.2, 0.9, 0.5], [0.0, 0.6, 0.25]]
TARGETS = [[1.0, 0, 0.5], [0, -1, 1]]


@pytest.mark.parametrize(("param", "ignored"), [("", {(1, 1)}), ("cross_entropy_loss_param { ignore_value: 0 ignore_label: 2 }",
                                                                {(0, 1), (1, 0), (0, 2), (1, 2)})])
def test_cross_entropy_without_what_is_ignored(param: str, ignored: set):
    p = torch.tensor(P).double().requires_grad_()
    loss = top_of("CrossEntropyLoss", param, p=p, t=torch.tensor(TARGETS).double())
    wanted, slopes = 0.0, torch.zeros(2, 3).double()
    for i in range(2):
        for j in range(3):
            if (i, j) not in ignored:
                one, other, t = max(P[i][j], 1e-20), 1 - P[i][j], TARGETS[i][j]
                wanted -= t * math.log(one) + (1 - t) * math.log(other)
                slopes[i, j] = min(((1 - t) / other - t / one) / 2, 1e4)
    assert loss.item() == pytest.approx(wanted / 2)
    loss.backward()
    torch.testing.assert_close(p.grad, slopes, rtol=1e-6, atol=1e-6)


def test_the_steepest_slope_is_ten_thousand():
    p = torch.tensor([[1.0], [0]]).double().requires_grad_()
    top_of("CrossEntropyLoss", p=p, t=torch.tensor([[0.0], [1]]).double()).backward()
    assert p.grad[0].item() == 1e4 and p.grad[1].item() == pytest.approx(-1e20 / 2)


def test_cross_entropy_of_labels():
    p = torch.tensor([[0.2, 0.9], [0.4, 0.6], [0.7, 0.25]]).double().requires_grad_()
    loss = top_of("CrossEntropyLoss", "cross_entropy_loss_param { class_num: 2 }", p=p, t=torch.tensor([1.0, 0, 0]).double())
    assert loss.item() == pytest.approx(-sum(map(math.log, (0.9, 0.8, 0.4, 0.4, 0.7, 0.75))) / 3)
    loss.backward()
    wanted = [[1 / 0.8, -1 / 0.9], [-1 / 0.4, 1 / 0.4], [-1 / 0.7, 1 / 0.75]]
    assert (3 * p.grad).tolist() == [pytest.approx(row) for row in wanted]
    with pytest.raises(netdef.SpecError, match="must have `class_num`, 2, probabilities"):
        one_layer("CrossEntropyLoss", "cross_entropy_loss_param { class_num: 2 }", p=(3, 4), t=(3,))


SCORES, T = draw(2, 3, 4), torch.rand(2, 3, 4, generator=torch.Generator().manual_seed(3)).double()


def test_softmax_cross_entropy():
    x, p = SCORES.clone().requires_grad_(), SCORES.softmax(1)
    loss = top_of("SoftmaxCrossEntropyLoss", x=x, t=T)
    assert loss.item() == pytest.approx(-(T * p.log()).sum().item() / 2)
    loss.backward()
    torch.testing.assert_close(x.grad, (p - T) / 2)
    mean = top_of("SoftmaxCrossEntropyLoss", "loss_param { normalization: FULL }", x=x, t=T)
    assert mean.item() == pytest.approx(loss.item() / 4)


def test_weights_and_a_channel_of_zeros():
    x = SCORES.clone().requires_grad_()
    zeroed = SCORES.clone()
    zeroed[:, 1] = 0
    p, weights = zeroed.softmax(1), torch.tensor([0.0, 2, 0.5]).double()[:, None]
    param = "softmax_cross_entropy_loss_param { weights: [0, 2, 0.5] zero_channel: 1 }"
    loss = top_of("SoftmaxCrossEntropyLoss", param, x=x, t=T)
    assert loss.item() == pytest.approx(-(weights * T * p.log()).sum().item() / 2)
    loss.backward()
    wanted = torch.stack([p[:, 0] * (2 * T[:, 1] + 0.5 * T[:, 2]), torch.zeros(2, 4).double(), p[:, 2] - T[:, 2]], 1)
    torch.testing.assert_close(x.grad, wanted / 2)


def test_what_the_fork_refuses():
    with pytest.raises(netdef.SpecError, match="2 `weights` for 3 channels"):
        one_layer("SoftmaxCrossEntropyLoss", "softmax_cross_entropy_loss_param { weights: [1, 2] }", x=(2, 3), t=(2, 3))
    with pytest.raises(netdef.SpecError, match="wants `weights`, without which"):
        one_layer("SoftmaxCrossEntropyLoss", "softmax_cross_entropy_loss_param { zero_channel: 1 }", x=(2, 3), t=(2, 3))
