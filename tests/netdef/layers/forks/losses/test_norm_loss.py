"""NormLoss by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


@pytest.mark.parametrize(("param", "power"), [("", 2), ("type: L1", 1), ("type: Lp p: 3", 3), ("type: Lp p: 1", 1)])
@pytest.mark.parametrize(("mode", "divisor"), [("", 2), ("FULL", 12), ("VALID", 2), ("NONE", 1)])
def test_value_and_gradient(param: str, power: int, mode: str, divisor: int):
    x = draw(2, 3, 2).requires_grad_()
    loss_param = f"loss_param {{ normalization: {mode} }}" if mode else ""
    loss = top_of("NormLoss", f"norm_loss_param {{ {param} }} {loss_param}", "TRAIN", x=x)
    assert loss.item() == pytest.approx(sum(abs(v) ** power / power for v in x.flatten().tolist()) / divisor)
    loss.backward()
    torch.testing.assert_close(x.grad, x.detach().sign() * x.detach().abs() ** (power - 1) / divisor)


def test_a_power_below_one_is_refused():
    with pytest.raises(netdef.SpecError, match="has `p` 0.5; it must be at least 1"):
        one_layer("NormLoss", "norm_loss_param { type: Lp p: 0.5 }", x=(2, 3))
