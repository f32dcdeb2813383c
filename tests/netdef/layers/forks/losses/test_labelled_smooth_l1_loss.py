"""MySmoothL1Loss, by arithmetic as in GuohongWu's fork."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, top_of

import netdef


def test_smooth_l1_at_labelled_places():
    a = torch.tensor([[[[0.5, 9]], [[2.0, 9]]]]).double().requires_grad_()
    labels = torch.tensor([[[[1.0, 0]]]]).double()
    param = "my_smooth_L1_loss_param { sigma: 0.8 }"
    loss = top_of("MySmoothL1Loss", param, a=a, b=torch.zeros(1, 2, 1, 2).double(), t=labels)
    assert loss.item() == pytest.approx((0.64 * 0.25 / 2 + 2 - 0.5 / 0.64) / 1)
    loss.backward()
    assert a.grad.flatten().tolist() == pytest.approx([0.64 * 0.5, 0, 1, 0])
    assert top_of("MySmoothL1Loss", param, a=a, b=a + 1, t=0 * labels).item() == 0
    with pytest.raises(netdef.SpecError, match=r"must have shape \(2, 1, 4, 5\)"):
        one_layer("MySmoothL1Loss", a=(2, 3, 4, 5), b=(2, 3, 4, 5), t=(2, 3, 4, 5))
