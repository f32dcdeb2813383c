"""A decay of features."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

import netdef

X = torch.tensor([[-2.0, 0, 3]]).double()


@pytest.mark.parametrize(("kind", "added"), [("L1", [-1, 0, 1]), ("L2", [-2, 0, 3])])
def test_the_gradient_has_the_decay_added(kind: str, added: list[float]):
    x = X.clone().requires_grad_()
    param = f'output_decay_param {{ output_decay: 0.5 regularization_type: "{kind}" }}'
    top = one_layer("OutputDecay", param, "TRAIN", x=x)(x=x)["y0"]
    assert torch.equal(top, x)
    (top * torch.tensor([[1.0, 2, 3]])).sum().backward()
    assert x.grad.tolist() == [[outer + 0.5 * more for outer, more in zip((1, 2, 3), added)]]


@pytest.mark.parametrize("text", ["", "regularization_type: 'L3'"])
def test_other_types_are_refused(text: str):
    with pytest.raises(netdef.SpecError, match='it is "L1" or "L2"'):
        one_layer("OutputDecay", f"output_decay_param {{ {text} }}", x=(2, 3))
