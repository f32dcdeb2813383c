"""GeneralHingeLoss by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import top_of

X = torch.tensor([[0.5, -2, 3], [0.25, -0.5, 1]]).double()
LABELS = torch.tensor([[1.0, 1, 0], [0, 0, 1]]).double()
AWAY = [[0.5, 3, 4], [1.25, 0.5, 0]]


@pytest.mark.parametrize(("text", "wanted"), [
    ("", sum(map(sum, AWAY)) / 2),
    ("norm: L2", sum(number**2 for row in AWAY for number in row) / 2),
    ("ignore_label: 1", (0.5 + 4 + 0.5) / 2),  # Places 1, 3 and 5 of six
])
def test_the_sum_over_all_numbers(text, wanted):
    assert top_of("GeneralHingeLoss", f"general_hinge_loss_param {{ {text} }}", x=X, t=LABELS).item() == pytest.approx(wanted)


def test_the_gradient():
    x = X.clone().requires_grad_()
    top_of("GeneralHingeLoss", "general_hinge_loss_param { norm: L2 }", x=x, t=LABELS).backward()
    assert x.grad.tolist() == [[-0.5, -3, 4], [1.25, 0.5, 0]]
