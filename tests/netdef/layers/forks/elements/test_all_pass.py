"""AllPass."""

from __future__ import annotations

import torch
from one_layer import draw, top_of


def test_all_passes():
    x = draw(2, 3).requires_grad_()
    top = top_of("AllPass", "all_pass_param { key: 99.99 }", x=x)
    assert torch.equal(top, x)
    assert torch.equal(torch.autograd.grad((3 * top).sum(), x)[0], torch.full_like(x, 3))
