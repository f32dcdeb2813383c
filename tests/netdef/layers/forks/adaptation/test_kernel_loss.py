"""KernelLoss: a contrastive loss by a Gaussian kernel."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer, top_of

import netdef

PARAM = "kernel_loss_param { sigma_sq: 2 }"


def test_value_and_gradient():
    """Squared distances 5 and 8, over 4: an unlike pair and a like one."""
    a = torch.tensor([[1.0, 2], [3, 0]]).double().requires_grad_()
    b = torch.tensor([[0.0, 0], [1, 2]]).double().requires_grad_()
    labels, others = torch.tensor([1.0, 3]), torch.tensor([2.0, 3])
    loss = top_of("KernelLoss", PARAM, a=a, b=b, t=labels, u=others)
    near = math.exp(-5 / 4), math.exp(-2)
    assert loss.item() == pytest.approx(((1 - near[0]) - (1 - near[1])) / 2)
    of_a, of_b = torch.autograd.grad(loss, (a, b))
    wanted = torch.tensor([[1.0, 2], [-2, 2]]).double() / 2 / 2 * torch.tensor(near)[:, None].double()
    torch.testing.assert_close(of_a, wanted)
    torch.testing.assert_close(of_b, -wanted)


def test_a_kernel_without_width_is_refused():
    with pytest.raises(netdef.SpecError, match="has `sigma_sq` 0; it must be above 0"):
        one_layer("KernelLoss", "", a=(2, 3), b=(2, 3), t=(2,), u=(2,))
