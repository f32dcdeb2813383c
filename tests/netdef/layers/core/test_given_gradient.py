"""A loss with a gradient of its own."""

from __future__ import annotations

import torch

from netdef.layers.core.given_gradient import with_gradient


def test_the_value_is_kept_and_the_gradient_is_the_given_one():
    x = torch.tensor([1.0, 2, 3], requires_grad=True)
    slope = torch.tensor([4.0, 0, -5])
    loss = with_gradient((x * x).sum(), x, slope)
    (2 * loss).backward()
    assert loss.item() == 14 and x.grad.tolist() == [8, 0, -10]
