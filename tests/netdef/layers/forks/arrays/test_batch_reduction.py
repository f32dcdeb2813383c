"""BatchReduction: whole axes, parts, the greatest and the diagonal, from arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

from netdef.errors import SpecError


def reduced(x, param):
    return top_of("BatchReduction", f"batch_reduction_param {{ {param} }}", x=x)


def test_one_axis_is_removed_and_the_axes_behind_it_are_kept():
    x = draw(2, 3, 4)
    torch.testing.assert_close(reduced(x, "reduction_param { axis: 1 }"), x[:, 0] + x[:, 1] + x[:, 2])
    torch.testing.assert_close(
        reduced(x, "level: 1 reduction_param { axis: 1 operation: MEAN coeff: 9 }"), (x[:, 0] + x[:, 1] + x[:, 2]) / 3)


def test_a_pyramid_has_a_number_for_each_level():
    x = torch.arange(14.0).reshape(1, 14, 1)  # parts of 1, 4 and 9 entries
    assert reduced(x, "level: 1 level: 2 level: 3 reduction_param { axis: 1 }").flatten().tolist() == [0, 10, 81]
    means = reduced(x, "level: 3 level: 2 level: 1 reduction_param { axis: 1 operation: MEAN }")
    assert means.flatten().tolist() == [4, 10.5, 13]
    assert reduced(x[:, :9], "level: 3 reduction_param { axis: 1 }").shape == (1, 1, 1)


def test_the_mean_of_the_greatest_and_its_gradient():
    x = torch.tensor([[5.0, 1, 3, 4], [2, 8, 6, 7]]).double().requires_grad_()
    top = reduced(x, "reduction_param { axis: 1 operation: TOPK k: 2 }")
    assert top.tolist() == [4.5, 7.5]
    top.sum().backward()
    assert x.grad.tolist() == [[0.5, 0, 0, 0.5], [0, 0.5, 0, 0.5]]


def test_the_diagonal():
    x = draw(2, 3, 3, 5)
    expected = x[:, 0, 0] + x[:, 1, 1] + x[:, 2, 2]
    torch.testing.assert_close(reduced(x, "pos: true reduction_param { axis: 1 }"), expected)
    torch.testing.assert_close(reduced(x, "pos: true reduction_param { axis: 1 operation: MEAN }"), expected / 3)


@pytest.mark.parametrize(("param", "said"), [
    ("level: 1 level: 2 reduction_param { axis: 1 }", "has levels of [1, 4] entries, 5 in all, on an axis of 3"),
    ("reduction_param { operation: ASUM }", "cannot reduce by ASUM"),
    ("pos: true reduction_param { axis: 1 }", "the bottom has shape (2, 3, 4)"),
    ("reduction_param { axis: 1 operation: TOPK k: 4 }", "a `k` of at most 3"),
])
def test_bad_parameters_are_refused(param, said):
    with pytest.raises(SpecError) as error:
        one_layer("BatchReduction", f"batch_reduction_param {{ {param} }}", x=(2, 3, 4))
    assert said in str(error.value)


def test_reduction_has_no_topk():
    with pytest.raises(SpecError, match="cannot reduce by TOPK, which is for BatchReduction"):
        one_layer("Reduction", "reduction_param { operation: TOPK }", x=(2, 3))
