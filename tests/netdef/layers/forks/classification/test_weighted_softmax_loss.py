"""WeightedSoftmaxWithLoss: a class, or items, counted by weights."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

import netdef


@pytest.mark.parametrize(("normalization", "divisor"), [("VALID", 5), ("BATCH_SIZE", 2), ("NONE", 1)])
def test_one_class_counts_more_often(normalization, divisor):
    x, labels = draw(2, 4, 3), torch.tensor([[2.0, 0, 3], [3, 9, 2]])
    param = f"softmax_param {{ pos_mult: 5 pos_cid: 3 }} loss_param {{ ignore_label: 9 normalization: {normalization} }}"
    loss, softmax = tops_of("WeightedSoftmaxWithLoss", f"{param} loss_weight: 1 loss_weight: 0", 2, x=x, t=labels)
    logs = torch.log_softmax(x, 1)
    picked = [(0, 2, 0, 1), (0, 0, 1, 1), (0, 3, 2, 5), (1, 3, 0, 5), (1, 2, 2, 1)]
    torch.testing.assert_close(loss, -sum(weight * logs[n, c, i] for n, c, i, weight in picked) / divisor)
    torch.testing.assert_close(softmax, logs.exp())


@pytest.mark.parametrize(("normalization", "divisor"), [("VALID", 4), ("FULL", 6), ("BATCH_SIZE", 3)])
def test_items_count_by_the_third_bottom(normalization, divisor):
    x, labels = draw(3, 4, 2).requires_grad_(), torch.tensor([[2.0, 0], [1, 1], [3, 2]])
    weights = torch.tensor([0.5, 0, 7]).double()
    net = one_layer("WeightedSoftmaxWithLoss", f"loss_param {{ normalization: {normalization} }}", x=x, t=labels, w=weights)
    loss, logs = net(x=x, t=labels, w=weights)["y0"], torch.log_softmax(x, 1)
    wanted = (logs[0, 2, 0] + logs[0, 0, 1]) / 2 + 7 * (logs[2, 3, 0] + logs[2, 2, 1])
    torch.testing.assert_close(loss, -wanted / divisor)
    assert torch.autograd.grad(loss, x)[0][1].abs().max() == 0


def test_refused_settings():
    with pytest.raises(netdef.SpecError, match="has `pos_cid` 4, which is none of its 4 classes"):
        one_layer("WeightedSoftmaxWithLoss", "softmax_param { pos_mult: 2 pos_cid: 4 }", x=(2, 4), t=(2,))
    with pytest.raises(netdef.SpecError, match="it wants a weight for each item"):
        one_layer("WeightedSoftmaxWithLoss", x=(2, 4), t=(2,), w=(3,))


@pytest.mark.parametrize(("normalization", "divisor"), [("VALID", 3), ("BATCH_SIZE", 2)])
def test_label_0_counts_a_share_and_others_the_rest(normalization, divisor):
    x, labels = draw(2, 3, 2).requires_grad_(), torch.tensor([[2.0, 0], [9, 1]])
    param = f"softmax_param {{ lamda: 0.25 }} loss_param {{ ignore_label: 9 normalization: {normalization} }}"
    loss = top_of("LamdaSoftmaxWithLoss", param, x=x, t=labels)
    logs = torch.log_softmax(x, 1)
    torch.testing.assert_close(loss, -(0.75 * logs[0, 2, 0] + 0.25 * logs[0, 0, 1] + 0.75 * logs[1, 1, 1]) / divisor)
    softmax, (gradient,) = logs.exp().detach(), torch.autograd.grad(loss, x)
    wanted = 0.75 * (softmax[0, :, 0] - torch.tensor([0, 0, 1])) / divisor
    torch.testing.assert_close(gradient[0, :, 0], wanted)
