"""GRN: places of length 1."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError


def test_each_place_is_over_its_length():
    x = torch.tensor([[3.0, 0], [4, 0.5]]).double().reshape(1, 2, 1, 2)
    top = top_of("GRN", "grn_param { bias: 0.75 }", x=x)
    assert top.flatten().tolist() == pytest.approx([3 / 25.75**0.5, 0, 4 / 25.75**0.5, 0.5])
    assert torch.equal(top_of("GRN", "grn_param { bias: 0.75 }", x=x[..., 0, 0]), top[..., 0, 0])


def test_a_gradient_may_pass_as_it_is():
    for param, wanted in (("dummy_backward: true", [1, 1]), ("bias: 0", [16 / 125 - 12 / 125, 9 / 125 - 12 / 125])):
        x = torch.tensor([3.0, 4]).double().reshape(1, 2, 1, 1).requires_grad_()
        one_layer("GRN", f"grn_param {{ {param} }}", "TRAIN", x=x)(x=x)["y0"].sum().backward()
        assert x.grad.flatten().tolist() == pytest.approx(wanted)


def test_bad_parameters_are_refused():
    with pytest.raises(SpecError, match="`bias` -1"):
        top_of("GRN", "grn_param { bias: -1 }", x=draw(1, 2, 3, 4))
    with pytest.raises(SpecError, match="axes"):
        one_layer("GRN", x=(3,))
