"""ReduceSum and its like against numbers worked by hand."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

X = torch.tensor([[[1.0, -2, 3], [4, 0, -6]]]).double()  # (1, 2, 3)


@pytest.mark.parametrize(("kind", "rows", "all_of_it"), [
    ("Sum", [2, -2], 0), ("Mean", [2 / 3, -2 / 3], 0), ("Max", [3, 4], 4), ("Min", [-2, -6], -6), ("Prod", [-6, 0], 0),
    ("All", [1, 0], 0), ("Any", [1, 1], 1),
    ("LogSumExp", [math.log(math.e + math.exp(-2) + math.exp(3)), math.log(math.exp(4) + 1 + math.exp(-6))],
     math.log(math.e + math.exp(-2) + math.exp(3) + math.exp(4) + 1 + math.exp(-6))),
])
def test_reductions(kind: str, rows: list[float], all_of_it: float):
    field = f"reduce_{kind.lower()}_param"
    wanted = torch.tensor([rows]).double()
    torch.testing.assert_close(top_of(f"Reduce{kind}", f"{field} {{ axis: -1 }}", x=X), wanted)
    torch.testing.assert_close(top_of(f"Reduce{kind}", f"{field} {{ axis: 2 keepdims: true }}", x=X), wanted[:, :, None])
    torch.testing.assert_close(top_of(f"Reduce{kind}", x=X), torch.tensor(all_of_it).double())
    top = top_of(f"Reduce{kind}", f"{field} {{ axis: [2, 0, 1] keepdims: true }}", x=X)
    assert top.shape == (1, 1, 1) and float(top) == pytest.approx(all_of_it)


def test_norms_keep_the_axes_unless_told_otherwise():
    assert top_of("ReduceL1", "reduce_l1_param { axes: 2 }", x=X).tolist() == [[[6], [10]]]
    assert top_of("ReduceL2", "reduce_l2_param { axes: [0, 2] keepdims: 0 }", x=X).tolist() == [
        pytest.approx(math.sqrt(14)), pytest.approx(math.sqrt(52))]
    assert top_of("ReduceL1", x=X).tolist() == [[[16]]]


def test_counts():
    assert top_of("CountNonzero", "count_nonzero_param { axis: 1 }", x=X).tolist() == [[2, 1, 2]]
    assert top_of("CountNonzero", x=X).tolist() == 5


def test_axes_in_any_order():
    x = draw(2, 3, 5, 4)
    torch.testing.assert_close(top_of("ReduceProd", "reduce_prod_param { axis: [3, 0] }", x=x),
                               (x[0] * x[1]).prod(2))
    torch.testing.assert_close(top_of("ReduceSum", "reduce_sum_param { axis: [-1, 1] }", x=x), torch.einsum("nchw->nh", x))


def test_axes_that_do_not_fit_are_refused():
    with pytest.raises(netdef.SpecError, match="an axis twice"):
        one_layer("ReduceMax", "reduce_max_param { axis: [1, -1] }", x=(2, 3))
    with pytest.raises(netdef.SpecError, match="wants axis 2"):
        one_layer("ReduceL2", "reduce_l2_param { axes: 2 }", x=(2, 3))
