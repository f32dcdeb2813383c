"""ElementHingeLoss by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import top_of


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("norm", ["L1", "L2"])
def test_loss_and_gradient(norm: str, scaled: bool):
    t = torch.tensor([[1.0, 1, 0], [0, 0.5, 0.25]]).double().reshape(2, 1, 1, 3)
    x = torch.tensor([[0.25, 1.5, 2], [-1, 9, 1.25]]).double().reshape(2, 1, 1, 3).requires_grad_()
    short, sign = [0.75, 0, 2, 0, 0, 1], [-1, -1, 1, 1, 0, 1]
    divisor = 2 * (3 if scaled else 1)
    param = f"element_hinge_loss_param {{ norm: {norm} scale_loss: {str(scaled).lower()} }}"
    loss = top_of("ElementHingeLoss", param, "TRAIN", x=x, t=t)
    loss.backward()
    if norm == "L1":
        assert loss.item() == pytest.approx(sum(short) / divisor)
        wanted = [s * (v > 0) / divisor for v, s in zip(short, sign)]
    else:
        assert loss.item() == pytest.approx(sum(v * v for v in short) / 2 / divisor)
        wanted = [2 * s * v / divisor for v, s in zip(short, sign)]
    assert x.grad.flatten().tolist() == pytest.approx(wanted)
