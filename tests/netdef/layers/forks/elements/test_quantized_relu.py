"""ReLU2B: four values."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

import netdef

PARAM = "relu_param { thresh: 0.25 delta: 0.5 }"


def test_values_and_where_the_gradient_passes():
    x = torch.tensor([[-1.0, 0.2, 0.25, 0.3, 0.75, 0.8, 1.25, 1.3, 1.6]]).double().requires_grad_()
    top = one_layer("ReLU2B", PARAM, x=x)(x=x)["y0"]
    assert top.tolist() == [[0, 0, 0, 0.5, 0.5, 1, 1, 1.5, 1.5]]
    (gradient,) = torch.autograd.grad((top * torch.arange(1.0, 10)).sum(), x)
    assert gradient.tolist() == [[0, 2, 3, 4, 5, 6, 7, 8, 0]]


@pytest.mark.parametrize(("param", "complaint"), [
    ("delta: 1", "needs a `thresh`"), ("thresh: 1", "needs a `delta`"),
    ("thresh: 1 delta: 0", "has `delta` 0; it must be above 0"),
])
def test_what_is_missing_is_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("ReLU2B", f"relu_param {{ {param} }}", x=(2, 3))
