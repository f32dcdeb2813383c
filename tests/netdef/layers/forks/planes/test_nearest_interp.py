"""NNInterp: planes by nearest places."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


@pytest.mark.parametrize(("param", "rows", "columns"), [
    ("height: 5 width: 2", [0, 0, 1, 1, 2], [0, 2]),  # 3 rows and 4 columns: floor(i 3 / 5), floor(i 4 / 2)
    ("zoom_factor: 2", [0, 0, 1, 1, 2], [0, 0, 1, 1, 2, 2, 3]),  # to 5 x 7
    ("shrink_factor: 2", [0, 1], [0, 2]),  # to 2 x 2
])
def test_each_value_is_that_of_a_place(param: str, rows: list[int], columns: list[int]):
    x = draw(2, 3, 3, 4).requires_grad_()
    top = top_of("NNInterp", f"nninterp_param {{ {param} }}", x=x)
    assert torch.equal(top, x[:, :, rows][..., columns])
    (gradient,) = torch.autograd.grad(top.sum(), x)
    uses = torch.tensor([[rows.count(i) * columns.count(j) for j in range(4)] for i in range(3)]).double()
    assert torch.equal(gradient, uses.expand(2, 3, 3, 4))


@pytest.mark.parametrize(("param", "complaint"), [
    ("", "wants one of"), ("height: 3", "wants one of"), ("zoom_factor: 2 shrink_factor: 2", "wants one of"),
    ("zoom_factor: 0", "has `zoom_factor` 0; it must be at least 1"), ("height: 2 width: 0", "has `width` 0"),
])
def test_no_size_or_two_are_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("NNInterp", f"nninterp_param {{ {param} }}", x=(2, 3, 4, 5))
