"""DoubleMarginContrastiveLoss: value and gradient from arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

TYPE = "DoubleMarginContrastiveLoss"


def test_value_and_gradient():
    """Distances 5, 1, 5, 2, 0: like, like, unlike, unlike, unlike; margins 1.5 and 3."""
    a = torch.tensor([[3.0, 4], [0, 1], [3, 4], [2, 0], [0, 0]]).double().requires_grad_()
    b, like = torch.zeros(5, 2).double().requires_grad_(), torch.tensor([1.0, 2, 0, 0.5, 0]).double()
    net = one_layer(TYPE, "double_margin_contrastive_loss_param { margin_gen: 1.5 margin_imp: 3 }", "TRAIN", a=a, b=b, y=like)
    loss = net(a=a, b=b, y=like)["y0"]
    assert loss.item() == pytest.approx((3.5**2 + 0 + 0 + 1**2 + 3**2) / 10)
    loss.backward()
    slopes = torch.tensor([3.5 / 5.0001, 0, 0, -1 / 2.0001, 0]).double()[:, None] * a.detach() / 5
    torch.testing.assert_close(a.grad, slopes)
    torch.testing.assert_close(b.grad, -slopes)
